/** What is wrong with a policy beyond its form, and what does not do what one might think. Pure. */
import type { PolicyProblem } from '../../shared/contract/policy-views.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { PolicyRule } from '../../shared/model/policy-rules.ts';
import { canonicalText } from './diff.ts';
import { licenseEntry } from './license-entries.ts';
import { compileSpec } from './packages/spec.ts';
import { shadowedBy } from './shadows.ts';

type Draft = Pick<Policy, 'mode' | 'style' | 'teams' | 'environments' | 'rules'>;
/** Of errors, and of warnings: as many as anybody reads. */
const maxProblems = 100;

/**
 * @param others all other policies
 * @param feedKinds kinds of feeds that there are
 * @returns errors first: warnings never crowd one out
 */
export function problemsOf(
  draft: Draft,
  others: readonly Policy[],
  feedKinds: ReadonlySet<string>,
): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const seen = new Map<string, number>();
  for (const [ruleNo, rule] of draft.rules.entries()) {
    for (const problem of ruleProblems(rule, feedKinds)) problems.push({ ruleNo, ...problem });
    if (rule.type === 'satisfiable') {
      if (draft.style === 'refuse') problems.push({ ruleNo, ...warning('only-refused') });
      if (![draft, ...others].some(hidesPackages)) problems.push({ ruleNo, ...warning('hides-nothing') });
    }
    const key = canonicalText(rule);
    const first = seen.get(key);
    if (first !== undefined)
      problems.push({ ruleNo, level: 'warning', code: 'doubled', text: String(first + 1) });
    else seen.set(key, ruleNo);
    const shadow = shadowedBy(
      rule,
      draft as Policy,
      others.filter((other) => speaksWherever(other, draft)),
    );
    if (shadow !== undefined)
      problems.push({ ruleNo, level: 'warning', code: 'shadowed', text: shadow.name });
  }
  return errorsFirst(problems);
}

/** The first errors, then the first warnings. */
export function errorsFirst<T extends { readonly level: PolicyProblem['level'] }>(
  problems: readonly T[],
): readonly T[] {
  const of = (level: PolicyProblem['level']) =>
    problems.filter((one) => one.level === level).slice(0, maxProblems);
  return [...of('error'), ...of('warning')];
}

/** Whether it may hide a package by itself. */
const hidesPackages = ({ mode, style, rules }: Draft): boolean =>
  mode === 'enforce' &&
  style === 'hide' &&
  rules.some(({ type }) => type !== 'tokens' && type !== 'satisfiable');

/** Whether one policy speaks wherever the other does. */
function speaksWherever(wide: Draft, narrow: Draft): boolean {
  return isWithin(narrow.teams, wide.teams) && isWithin(narrow.environments, wide.environments);
}
function isWithin(narrow: 'all' | readonly string[], wide: 'all' | readonly string[]): boolean {
  return wide === 'all' || (narrow !== 'all' && narrow.every((id) => wide.includes(id)));
}

type Found = Omit<PolicyProblem, 'ruleNo'>;
const error = (code: PolicyProblem['code'], text = ''): Found => ({ level: 'error', code, text });
const warning = (code: PolicyProblem['code'], text = ''): Found => ({ level: 'warning', code, text });

function* ruleProblems(rule: PolicyRule, feedKinds: ReadonlySet<string>): Iterable<Found> {
  switch (rule.type) {
    case 'packages':
      for (const spec of rule.specs) if (compileSpec(spec) === undefined) yield error('bad-spec', spec.spec);
      return;
    case 'licenses':
      for (const id of rule.ids) if (licenseEntry(id) === undefined) yield error('unknown-license', id);
      return;
    case 'vulnerabilities':
      if (!feedKinds.has('osv')) yield warning('no-facts', 'osv');
      if (rule.exploitedOnly && !feedKinds.has('kev')) yield warning('no-facts', 'kev');
      if (rule.epssAtLeast !== undefined && !feedKinds.has('epss')) yield warning('no-facts', 'epss');
      return;
    case 'malware':
      if (!feedKinds.has('osv')) yield warning('no-facts', 'osv');
      return;
    case 'status':
      if (
        rule.denied.length === 0 &&
        rule.supersededAfterDays === undefined &&
        rule.silentYears === undefined
      )
        yield error('empty-rule');
      return;
    case 'platform':
      if (rule.subdirs === undefined && rule.wheelTags === undefined && rule.sdists === 'allow')
        yield error('empty-rule');
      return;
    case 'labels':
      if (rule.required.length === 0 && rule.denied.length === 0) yield error('empty-rule');
      return;
    case 'tokens':
      // Made by the form as long as nothing is filled in.
      if (rule.maxTtlDays === undefined && !rule.networksRequired) yield warning('empty-rule');
      return;
    case 'channels':
    case 'age':
    case 'namespace':
    // What it does hangs on the others: `problemsOf`.
    case 'satisfiable':
      return;
  }
}
