/**
 * Policies as YAML: what people keep in git and review. Names stand for ids; what is said is read strictly: an unknown
 * key, a name that there is not and a doubled key are errors with their line. Written so that a text that was read comes
 * out the same again. Pure.
 */
import { stringify } from 'yaml';
import { z } from 'zod';
import type { PolicyDraft } from '../../../shared/contract/policy-views.ts';
import { slug } from '../../../shared/model/domain.ts';
import { policyStyle } from '../../../shared/model/policy.ts';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { closest } from '../../base/closest.ts';
import { issueText } from '../../base/issue-text.ts';
import { failed } from './first-issue.ts';
import type { NamedKind, Names } from './names.ts';
import { readRule, writeRule } from './rule-yaml.ts';
import type { YamlPath } from './strict-yaml.ts';
import { readStrictYaml } from './strict-yaml.ts';

const words = texts.policyText;

/** A policy, and the lines where it and its rules begin, from 1. */
export type PlacedDraft = {
  readonly draft: PolicyDraft;
  readonly line: number;
  readonly ruleLines: readonly number[];
};
export type ReadPolicies =
  | { readonly ok: true; readonly drafts: readonly PlacedDraft[] }
  | { readonly ok: false; readonly line: number; readonly why: string };

/** More than any organization has; bounds what a text may make of our memory. */
const maxPolicies = 1000;

const scope = z.union([z.literal('all'), z.array(slug).min(1)]);
const entry = z.strictObject({
  name: slug,
  mode: z.enum(['enforce', 'observe']).default('enforce'),
  style: policyStyle.default('hide'),
  teams: scope.default('all'),
  environments: scope.default('all'),
  rules: z.array(z.record(z.string(), z.unknown())).max(64),
});
const file = z.strictObject({ policies: z.array(entry).max(maxPolicies) });
const members = ['policies', ...Object.keys(entry.shape)];

/** @returns drafts in the order of the text, with the ids of what their names mean now */
export function readPolicies(text: string, names: Names): ReadPolicies {
  const yaml = readStrictYaml(text);
  if (!yaml.ok) return yaml;
  if (typeof yaml.value !== 'object' || yaml.value === null || Array.isArray(yaml.value))
    return { ok: false, line: 1, why: words.listAlone };
  const parsed = file.safeParse(yaml.value, { error: issueText });
  if (!parsed.success) return failed(parsed.error, yaml, members);
  const drafts: PlacedDraft[] = [];
  const seen = new Set<string>();
  for (const [index, policy] of parsed.data.policies.entries()) {
    const lineOf = (...path: YamlPath): number => yaml.lineOf(['policies', index, ...path]);
    if (seen.has(policy.name)) return { ok: false, line: lineOf('name'), why: words.doubled(policy.name) };
    seen.add(policy.name);
    const rules: PolicyRule[] = [];
    for (const [ruleNo, raw] of policy.rules.entries()) {
      const rule = readRule(raw, names);
      if ('why' in rule) return { ok: false, line: lineOf('rules', ruleNo, ...rule.path), why: rule.why };
      rules.push(rule.rule);
    }
    const teams = scopeOf(policy.teams, 'team', names);
    if ('why' in teams) return { ok: false, line: lineOf('teams'), why: teams.why };
    const environments = scopeOf(policy.environments, 'environment', names);
    if ('why' in environments) return { ok: false, line: lineOf('environments'), why: environments.why };
    drafts.push({
      draft: {
        ...policy,
        rules,
        teams: teams.ids as PolicyDraft['teams'],
        environments: environments.ids as PolicyDraft['environments'],
      },
      line: lineOf(),
      ruleLines: rules.map((_rule, ruleNo) => lineOf('rules', ruleNo)),
    });
  }
  return { ok: true, drafts };
}

/** @returns the text of these policies, one after the other */
export function writePolicies(drafts: readonly PolicyDraft[], names: Names): string {
  const policies = drafts.map(({ name, mode, style, teams, environments, rules }) => ({
    name,
    mode,
    style,
    teams: teams === 'all' ? teams : teams.map((id) => names.nameOf('team', id)),
    environments:
      environments === 'all' ? environments : environments.map((id) => names.nameOf('environment', id)),
    rules: rules.map((rule) => writeRule(rule, names)),
  }));
  // Long lines stay as they are: a spec that is folded is hard to search for.
  return stringify({ policies }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function scopeOf(
  given: 'all' | readonly string[],
  kind: NamedKind,
  names: Names,
): { readonly ids: 'all' | readonly string[] } | { readonly why: string } {
  if (given === 'all') return { ids: given };
  const ids = new Set<string>();
  for (const name of given) {
    const id = names.idOf(kind, name);
    if (id === undefined) return { why: words.noSuch(kind, name, closest(name, names.all(kind))) };
    ids.add(id);
  }
  return { ids: [...ids] };
}
