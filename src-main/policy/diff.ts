/** What differs between two versions of a policy, as lines that a person reads. Pure. */
import type { Policy } from '../../shared/model/policy.ts';
import type { PolicyRule } from '../../shared/model/policy-rules.ts';

export type PolicyChange = { readonly kind: 'added' | 'removed' | 'changed'; readonly text: string };
type Body = Pick<Policy, 'name' | 'mode' | 'style' | 'teams' | 'environments' | 'rules'>;

/**
 * @param before undefined: there was none
 * @param after undefined: it was removed
 * @param words how a rule and a scope read; a field of a new policy has no `from`
 */
export function diffPolicies(
  before: Body | undefined,
  after: Body | undefined,
  words: {
    readonly rule: (rule: PolicyRule) => string;
    readonly teams: (scope: Policy['teams']) => string;
    readonly environments: (scope: Policy['environments']) => string;
    readonly field: (
      field: 'name' | 'mode' | 'style' | 'teams' | 'environments',
      from: string | undefined,
      to: string,
    ) => string;
  },
): readonly PolicyChange[] {
  const changes: PolicyChange[] = [];
  if (before !== undefined && after !== undefined) {
    const fields = [
      ['name', before.name, after.name],
      ['mode', before.mode, after.mode],
      ['style', before.style, after.style],
      ['teams', words.teams(before.teams), words.teams(after.teams)],
      ['environments', words.environments(before.environments), words.environments(after.environments)],
    ] as const;
    for (const [field, from, to] of fields)
      if (from !== to) changes.push({ kind: 'changed', text: words.field(field, from, to) });
  } else if (after !== undefined) {
    // What goes without saying is not said: enforced, hidden, everywhere, for all.
    const said = [
      ...(after.mode === 'enforce' ? [] : [['mode', after.mode] as const]),
      ...(after.style === 'hide' ? [] : [['style', after.style] as const]),
      ...(after.teams === 'all' ? [] : [['teams', words.teams(after.teams)] as const]),
      ...(after.environments === 'all'
        ? []
        : [['environments', words.environments(after.environments)] as const]),
    ];
    for (const [field, to] of said) changes.push({ kind: 'added', text: words.field(field, undefined, to) });
  }
  const old = new Set((before?.rules ?? []).map(keyOf));
  const now = new Set((after?.rules ?? []).map(keyOf));
  for (const rule of before?.rules ?? [])
    if (!now.has(keyOf(rule))) changes.push({ kind: 'removed', text: words.rule(rule) });
  for (const rule of after?.rules ?? [])
    if (!old.has(keyOf(rule))) changes.push({ kind: 'added', text: words.rule(rule) });
  return changes;
}

/** One text for what is the same, whatever the order of members. */
function keyOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${keyOf(member)}`).join()}}`;
}

/** Whether two things say the same, whatever the order of their members. */
export const saysTheSame = (a: unknown, b: unknown): boolean => keyOf(a) === keyOf(b);

/** One text for what is the same: to be hashed. */
export const canonicalText = keyOf;
