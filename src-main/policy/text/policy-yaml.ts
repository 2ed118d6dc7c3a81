/**
 * Policies as YAML: what people keep in git and review. Names stand for ids; what is said is read strictly: an unknown
 * key, a name that there is not and a doubled key are errors with their line. Written so that a text that was read comes
 * out the same again. YAML 1.2, core schema; no anchors, no tags.
 */
import { isAlias, isMap, isPair, isScalar, LineCounter, parseDocument, stringify, visit } from 'yaml';
import type { Document } from 'yaml';
import { z } from 'zod';
import type { PolicyDraft } from '../../../shared/contract/policy-views.ts';
import { policyStyle } from '../../../shared/model/policy.ts';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
import { policyRule } from '../../../shared/model/policy-rules.ts';
import { slug } from '../../../shared/model/domain.ts';

type Named = { readonly id: string; readonly name: string };
type Table = { values(): Iterable<Named> };
/** The names that a text may use. */
export type PolicyTables = { readonly teams: Table; readonly environments: Table; readonly channels: Table };

export type ReadPolicies =
  | { readonly ok: true; readonly drafts: readonly PolicyDraft[] }
  /** `line` counts from 1; 0 where it is about the whole. */
  | { readonly ok: false; readonly line: number; readonly why: string };

/** More than any organization has; bounds what a text may make of our memory. */
const maxPolicies = 1000;
const maxDepth = 12;

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

/** @returns drafts in the order of the text, with the ids of what their names mean now */
export function readPolicies(text: string, tables: PolicyTables): ReadPolicies {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) return { ok: false, line: lines.linePos(error.pos[0]).line, why: error.message };
  const twisted = twistedAt(document);
  if (twisted !== undefined) return { ok: false, line: lines.linePos(twisted.offset).line, why: twisted.why };
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(document, lines, path);
  const parsed = file.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) return failed(parsed.error, [], lineOf);
  const drafts: PolicyDraft[] = [];
  for (const [index, policy] of parsed.data.policies.entries()) {
    const path = ['policies', index] as const;
    if (drafts.some(({ name }) => name === policy.name))
      return { ok: false, line: lineOf([...path, 'name']), why: `policy "${policy.name}" stands twice` };
    const rules: PolicyRule[] = [];
    for (const [ruleNo, raw] of policy.rules.entries()) {
      const rule = readRule(raw, tables);
      if ('why' in rule) return { ok: false, line: lineOf([...path, 'rules', ruleNo, ...rule.path]), why: rule.why };
      rules.push(rule.rule);
    }
    const teams = idsOf(policy.teams, tables.teams, 'team');
    if ('why' in teams) return { ok: false, line: lineOf([...path, 'teams']), why: teams.why };
    const environments = idsOf(policy.environments, tables.environments, 'environment');
    if ('why' in environments) return { ok: false, line: lineOf([...path, 'environments']), why: environments.why };
    drafts.push({
      ...policy,
      rules,
      teams: teams.ids as PolicyDraft['teams'],
      environments: environments.ids as PolicyDraft['environments'],
    });
  }
  return { ok: true, drafts };
}

/** @returns the text of these policies, one after the other */
export function writePolicies(drafts: readonly PolicyDraft[], tables: PolicyTables): string {
  const names = new Map(
    [tables.teams, tables.environments, tables.channels].flatMap((table) =>
      [...table.values()].map(({ id, name }) => [id, name] as const),
    ),
  );
  const nameOf = (id: string): string => names.get(id) ?? id;
  const policies = drafts.map(({ name, mode, style, teams, environments, rules }) => ({
    name,
    mode,
    style,
    teams: teams === 'all' ? teams : teams.map(nameOf),
    environments: environments === 'all' ? environments : environments.map(nameOf),
    rules: rules.map((rule) => writeRule(rule, nameOf)),
  }));
  return stringify({ policies }, { lineWidth: 100, aliasDuplicateObjects: false });
}

/** `channelIds` is written as `channels`, a spec as `conda: numpy <2`. */
function writeRule(rule: PolicyRule, nameOf: (id: string) => string): object {
  if (rule.type === 'packages') {
    return { ...rule, specs: rule.specs.map(({ ecosystem, spec }) => ({ [ecosystem]: spec })) };
  }
  if (!('channelIds' in rule)) return rule;
  const { channelIds, ...rest } = rule;
  return { ...rest, channels: channelIds.map(nameOf) };
}

type Wrong = { readonly why: string; readonly path: readonly PropertyKey[] };
const specEntry = z.union([z.strictObject({ conda: z.string() }), z.strictObject({ pypi: z.string() })]);

function readRule(raw: Record<string, unknown>, tables: PolicyTables): { readonly rule: PolicyRule } | Wrong {
  const given: Record<string, unknown> = { ...withDefaults(raw) };
  if (raw['type'] === 'packages' && Array.isArray(raw['specs'])) {
    const specs = z.array(specEntry).safeParse(raw['specs']);
    if (!specs.success)
      return { why: 'write a package as "conda: <spec>" or "pypi: <requirement>"', path: ['specs'] };
    given['specs'] = specs.data.map((spec) =>
      'conda' in spec ? { ecosystem: 'conda', spec: spec.conda } : { ecosystem: 'pypi', spec: spec.pypi },
    );
  }
  if ('channels' in raw) {
    const channels = idsOf(z.array(z.string()).catch([]).parse(raw['channels']), tables.channels, 'channel');
    if ('why' in channels) return { why: channels.why, path: ['channels'] };
    delete given['channels'];
    given['channelIds'] = channels.ids;
  }
  const known = policyRule.safeParse(given);
  if (!known.success) {
    const [issue] = known.error.issues;
    return { why: issue?.message ?? 'is no rule', path: issue?.path ?? [] };
  }
  // The forms of rules are lenient about members; a text is not: a typing error must not loosen a rule.
  const strange = Object.keys(given).find((name) => !(name in known.data));
  if (strange !== undefined) return { why: `"${strange}" is not known here`, path: [strange] };
  return { rule: known.data };
}

/** What may be left out, because it is what nobody would wonder about. */
function withDefaults(raw: Record<string, unknown>): Record<string, unknown> {
  switch (raw['type']) {
    case 'tokens':
      return { networksRequired: false, ...raw };
    case 'vulnerabilities':
      return {
        unknown: 'allow',
        exploitedOnly: false,
        liftedBy: [],
        fixedOnly: false,
        graceDays: 0,
        noFacts: 'allow',
        ...raw,
      };
    case 'malware':
      return { noFacts: 'allow', ...raw };
    case 'status':
      return { denied: [], ...raw };
    case 'platform':
      return { sdists: 'allow', ...raw };
    case 'labels':
      return { required: [], denied: [], ...raw };
    default:
      return raw;
  }
}

function idsOf(
  names: 'all' | readonly string[],
  table: Table,
  what: string,
): { readonly ids: 'all' | readonly string[] } | { readonly why: string } {
  if (names === 'all') return { ids: names };
  const byName = new Map([...table.values()].map(({ id, name }) => [name, id]));
  const ids: string[] = [];
  for (const name of names) {
    const id = byName.get(name);
    if (id === undefined) return { why: `there is no ${what} "${name}"` };
    if (!ids.includes(id)) ids.push(id);
  }
  return { ids };
}

/** Anchors, aliases and tags: nothing that a policy needs, and much that two readers read differently. */
function twistedAt(document: Document.Parsed): { readonly offset: number; readonly why: string } | undefined {
  let found: { offset: number; why: string } | undefined;
  visit(document, (_key, node, path) => {
    if (isPair(node)) return undefined;
    const range = (node as { range?: readonly number[] }).range;
    const offset = range?.[0] ?? 0;
    if (isAlias(node) || ('anchor' in (node as object) && (node as { anchor?: string }).anchor !== undefined))
      found = { offset, why: 'anchors and aliases are not used here' };
    else if (path.length > maxDepth) found = { offset, why: 'it is nested too deep' };
    else if (isMap(node) && node.items.some(({ key }) => !isScalar(key) || typeof key.value !== 'string'))
      found = { offset, why: 'a key must be a text' };
    return found === undefined ? undefined : visit.BREAK;
  });
  return found;
}

function failed(
  error: z.ZodError,
  prefix: readonly PropertyKey[],
  lineOf: (path: readonly PropertyKey[]) => number,
): ReadPolicies {
  const [issue] = error.issues;
  const path = [...prefix, ...(issue?.path ?? [])];
  const where = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
  return { ok: false, line: lineOf(path), why: `${where}${issue?.message ?? 'has another form'}` };
}

/** The line of what stands at a path, or of the nearest thing around it. */
function lineAt(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    const offset = node?.range?.[0];
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return 1;
}
