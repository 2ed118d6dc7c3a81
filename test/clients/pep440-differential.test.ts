/** Our reading of PEP 440 beside Python's own `packaging`: whatever one answers, the other has to answer. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  filterVersions,
  parseSpecifiers,
  specifiersContain,
} from '../../src-main/policy/pep440/specifiers.ts';
import { comparePep440, parsePep440 } from '../../src-main/policy/pep440/version.ts';
import { pep440Text, specifierText } from '../support/pep440-texts.ts';
import { runClient, toolsVenv } from '../support/python-clients.ts';
import { Seeded } from '../support/seeded.ts';

const count = Number(process.env['LATCHKEY_TEST_RUNS'] ?? 5000);

function orderOf(a: string, b: string): unknown {
  const [first, second] = [parsePep440(a), parsePep440(b)];
  if (first === undefined || second === undefined) return [first !== undefined, second !== undefined];
  return Math.sign(comparePep440(first, second));
}

function answerOf(spec: string, text: string, versions: readonly string[]): unknown {
  const specifiers = parseSpecifiers(spec);
  if (specifiers === undefined) return null;
  return [
    specifiersContain(specifiers, text),
    specifiersContain(specifiers, text, { prereleases: false }),
    filterVersions(specifiers, versions),
    filterVersions(specifiers, versions, false),
  ];
}

describe('our PEP 440 and packaging', () => {
  it(`agree on ${count} orders and ${count} specifier answers`, async () => {
    const seeded = new Seeded();
    const pairs = Array.from({ length: count }, () => [pep440Text(seeded), pep440Text(seeded)] as const);
    const specs = Array.from({ length: count }, () => {
      const text = pep440Text(seeded);
      const versions = seeded.list(0, 4, () => pep440Text(seeded));
      return [specifierText(seeded, text), text, versions] as const;
    });
    const { code, output } = await runClient(
      'python',
      [join(import.meta.dirname, 'pep440_reader.py')],
      {},
      { venv: toolsVenv, input: JSON.stringify({ pairs, specs }) },
    );
    expect(code, output).toBe(0);
    const theirs = JSON.parse(output) as { orders: unknown[]; answers: (unknown[] | null)[] };
    expect(
      different(
        pairs,
        pairs.map(([a, b]) => orderOf(a, b)),
        theirs.orders,
      ),
    ).toEqual([]);
    expect(
      different(
        specs,
        specs.map((spec) => answerOf(...spec)),
        theirs.answers,
      ),
    ).toEqual([]);
    // Enough of each kind, so that it proves something.
    const answered = theirs.answers.filter((answer) => answer !== null);
    expect(answered.length).toBeGreaterThan(count / 2);
    expect(answered.filter(([contains]) => contains).length).toBeGreaterThan(count / 10);
    expect(theirs.orders.filter((order) => order === 0).length).toBeGreaterThan(0);
  });
});

function different(
  asked: readonly unknown[],
  ours: readonly unknown[],
  theirs: readonly unknown[],
): unknown[] {
  return asked.flatMap((question, index) =>
    JSON.stringify(ours[index]) === JSON.stringify(theirs[index])
      ? []
      : [{ question, ours: ours[index], theirs: theirs[index] }],
  );
}
