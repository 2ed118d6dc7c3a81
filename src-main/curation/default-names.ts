/**
 * conda's name → PyPI's, as it comes with the product (prefix-dev/parselmouth, BSD-3-Clause, August 2026): 20,655 of
 * conda-forge. What the organization says itself goes first (knowledge.ts).
 */
import names from './default-names.json' with { type: 'json' };
import { normalName } from './ecosystem.ts';

let made: ReadonlyMap<string, string> | undefined;

/** Made when it is first asked for: a gateway without conda channels or advisories never is. */
export function defaultNames(): ReadonlyMap<string, string> {
  return (made ??= new Map([
    // Called the same in both, but for how PyPI spells it.
    ...names.same.split(' ').map((name) => [name, normalName('pypi', name)] as const),
    ...names.others.split('|').map((pair) => pair.split(' ') as [string, string]),
  ]));
}
