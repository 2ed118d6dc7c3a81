/**
 * The state as parts of plain JSON, for a checkpoint, and back. Lazy, so that whoever writes can pause between parts.
 * Indexes are not stored: they are made again from what they index.
 */
import { z } from 'zod';
import type { Holder, Token } from '../../shared/model/domain.ts';
import type { HolderId, PolicyId, TokenId } from '../../shared/model/ids.ts';
import type { Retention } from '../../shared/model/log-keeping.ts';
import type { PolicyVersion } from '../../shared/model/policy.ts';
import type { OrganizationState } from './state.ts';
import { tableById, tableOver } from '../base/table.ts';
import { ValuesKeptOnce } from './values-kept-once.ts';
import { holderKey } from './state.ts';

/** Small enough that one part is made, sealed and written within a few milliseconds. */
const entriesPerPart = 500;
/** Up to 50 policies stand in one of these entries. */
const historiesPerPart = 10;

/** A checkpoint is authenticated by its operator's own key, so only the shape of the parts is checked, not each entry. */
const list = z.array(z.object({ id: z.string() }).loose());
const part = z.discriminatedUnion('part', [
  z.object({
    part: z.literal('organization'),
    organizationName: z.string(),
    createdAtMs: z.number(),
    retention: z.object({
      rowsDays: z.number(),
      addressDays: z.number(),
      ciUserDays: z.number(),
      rollupDays: z.number(),
    }),
    operators: list,
    teams: list,
    environments: list,
    channels: list,
    policies: list,
  }),
  z.object({
    part: z.literal('curation'),
    table: z.enum([
      'policyVersions',
      'labels',
      'assessments',
      'nameMap',
      'licenseAliases',
      'feeds',
      'anchors',
    ]),
    entries: z.array(z.tuple([z.string(), z.unknown()])),
  }),
  z.object({ part: z.literal('holders'), entries: z.array(z.unknown()) }),
  z.object({ part: z.literal('tokens'), entries: z.array(z.unknown()) }),
]);

/** The parts of a state, first the small tables, then holders and tokens. The order of entries says nothing. */
export function* chunksOf(state: OrganizationState): Iterable<unknown> {
  yield {
    part: 'organization',
    organizationName: state.organizationName,
    createdAtMs: state.createdAtMs,
    retention: state.retention,
    operators: [...state.operators.values()],
    teams: [...state.teams.values()],
    environments: [...state.environments.values()],
    channels: [...state.channels.values()],
    policies: [...state.policies.values()],
  };
  for (const table of curationTables) {
    const most = table === 'policyVersions' ? historiesPerPart : entriesPerPart;
    for (const entries of inParts<readonly [string, unknown]>(state[table].entries(), most))
      yield { part: 'curation', table, entries };
  }
  for (const entries of inParts(state.holders.values())) yield { part: 'holders', entries };
  for (const entries of inParts(state.tokens.values())) yield { part: 'tokens', entries };
}

/** @throws Error when the parts are not those of a state */
export async function stateOfChunks(
  chunks: Iterable<unknown> | AsyncIterable<unknown>,
): Promise<OrganizationState> {
  let base: Omit<z.infer<Extract<typeof part, object>>, 'part'> | undefined;
  const values = new ValuesKeptOnce();
  // Filled as the parts come, so that no part of the work is long.
  const holders = new Map<HolderId, Holder>();
  const holdersByName = new Map<string, HolderId>();
  const tokens = new Map<TokenId, Token>();
  const curation = Object.fromEntries(
    curationTables.map((table) => [table, new Map<string, never>()] as const),
  ) as { readonly [K in CurationTable]: Map<string, never> };
  const digests = new Map<string, TokenId>();
  for await (const chunk of chunks) {
    const parsed = part.parse(chunk);
    if (parsed.part === 'organization') base = parsed;
    else if (parsed.part === 'curation') {
      for (const [key, value] of parsed.entries) curation[parsed.table].set(key, value as never);
    } else if (parsed.part === 'holders') {
      for (const holder of parsed.entries as Holder[]) {
        holders.set(holder.id, holder);
        holdersByName.set(holderKey(holder), holder.id);
      }
    } else {
      for (const entry of parsed.entries as Token[]) {
        const token = values.share(entry, (id) => holders.get(id)?.id ?? id);
        tokens.set(token.id, token);
        digests.set(token.digest, token.id);
      }
    }
  }
  if (base === undefined) throw new Error('the checkpoint has no organization');
  const small = base as unknown as { [K in SmallTable]: readonly never[] } & {
    organizationName: string;
    createdAtMs: number;
    retention: Retention;
  };
  return {
    organizationName: small.organizationName,
    createdAtMs: small.createdAtMs,
    retention: small.retention,
    operators: tableById(small.operators),
    teams: tableById(small.teams),
    environments: tableById(small.environments),
    channels: tableById(small.channels),
    policies: tableById(small.policies),
    policyVersions: tableOver(curation.policyVersions as unknown as Map<PolicyId, readonly PolicyVersion[]>),
    labels: tableOver(curation.labels),
    assessments: tableOver(curation.assessments),
    nameMap: tableOver(curation.nameMap),
    licenseAliases: tableOver(curation.licenseAliases),
    feeds: tableOver(curation.feeds),
    anchors: tableOver(curation.anchors),
    holders: tableOver(holders),
    tokens: tableOver(tokens),
    digests: tableOver(digests),
    holdersByName: tableOver(holdersByName),
  };
}

const curationTables = [
  'policyVersions',
  'labels',
  'assessments',
  'nameMap',
  'licenseAliases',
  'feeds',
  'anchors',
] as const;
type CurationTable = (typeof curationTables)[number];

type SmallTable = 'operators' | 'teams' | 'environments' | 'channels' | 'policies';

function* inParts<T>(entries: Iterable<T>, most = entriesPerPart): Iterable<readonly T[]> {
  let batch: T[] = [];
  for (const entry of entries) {
    batch.push(entry);
    if (batch.length < most) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
