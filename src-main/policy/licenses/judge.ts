/**
 * What lists of licences say about an expression: allowed, denied or unknown. Each licence is looked at once, so the time
 * is the length of the expression, whatever its shape.
 */
import { assertNever } from '../../../shared/assert-never.ts';
import { globMatches } from '../glob.ts';
import { spelledId, type LicenseExpression } from './expression.ts';

export type LicenseVerdict = 'allowed' | 'denied' | 'unknown';

/**
 * Ids (`MIT`, `LGPL-2.1-or-later`), also with an exception (`GPL-2.0-only WITH Classpath-exception-2.0`), or patterns with
 * `*` (`GPL-*`). With `allow`, what stands in neither list is denied; without it, allowed.
 */
export type LicenseLists = { readonly allow?: readonly string[]; readonly deny?: readonly string[] };

/** @param expression undefined where the package has none, or one that cannot be read */
export function judgeLicense(expression: LicenseExpression | undefined, lists: LicenseLists): LicenseVerdict {
  return expression === undefined ? 'unknown' : judge(expression, compiled(lists));
}

type Compiled = {
  readonly allows: ((id: string) => boolean) | undefined;
  readonly denies: (id: string) => boolean;
};

function judge(node: LicenseExpression, lists: Compiled): LicenseVerdict {
  if ('license' in node) return judgeOne(node, lists);
  const verdicts = [judge(node.left, lists), judge(node.right, lists)];
  switch (node.conjunction) {
    case 'and':
      return firstOf(['denied', 'unknown', 'allowed'], verdicts);
    case 'or':
      return firstOf(['allowed', 'unknown', 'denied'], verdicts);
    default:
      return assertNever(node.conjunction);
  }
}

function firstOf(order: readonly LicenseVerdict[], verdicts: readonly LicenseVerdict[]): LicenseVerdict {
  return order.find((verdict) => verdicts.includes(verdict)) ?? 'unknown';
}

/** The closest form wins: with its exception, then without, then without `+`. An exception only adds rights. */
function judgeOne(
  { license, plus, exception }: Extract<LicenseExpression, { license: string }>,
  { allows, denies }: Compiled,
): LicenseVerdict {
  const plain = plus === true ? `${license}+` : license;
  const forms = [...(exception === undefined ? [] : [`${plain} WITH ${exception}`]), plain, license];
  for (const form of forms) {
    if (denies(form)) return 'denied';
    if (allows?.(form) === true) return 'allowed';
  }
  // Only its author knows what such a licence says.
  if (license.includes('LicenseRef-')) return 'unknown';
  return allows === undefined ? 'allowed' : 'denied';
}

function compiled({ allow, deny = [] }: LicenseLists): Compiled {
  return { allows: allow && matcherOf(allow), denies: matcherOf(deny) };
}

function matcherOf(entries: readonly string[]): (id: string) => boolean {
  const patterns = entries.filter((entry) => entry.includes('*')).map((entry) => entry.toLowerCase());
  const ids = new Set(
    entries.filter((entry) => !entry.includes('*')).map((entry) => listed(entry).toLowerCase()),
  );
  return (id) =>
    ids.has(id.toLowerCase()) || patterns.some((pattern) => globMatches(pattern, id.toLowerCase()));
}

/** An entry in the spelling that expressions have. */
function listed(entry: string): string {
  return entry
    .trim()
    .split(/\s+/)
    .map((word) => spelledId(word) ?? word)
    .join(' ');
}
