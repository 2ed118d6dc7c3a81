/**
 * Index documents of conda channels under policies, and verdicts about their files. Invariant: where policies speak, only
 * what they leave is served; a document that nothing here can filter is not served at all; a file is sent only if the
 * index of its subdir, as these policies leave it, allows it, or where it stands in no index, its name alone does.
 */
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { Documents } from '../documents/documents.ts';
import type { SpokenPackage } from '../documents/spoken-files.ts';
import { IndexForm } from '../index-store/index-form.ts';
import type { EntryFactsJob } from '../index-store/entry-facts.ts';
import type { JudgedRows, JudgeRowsJob } from '../index-store/judge-rows.ts';
import { rowState } from '../index-store/row-states.ts';
import type { Satisfied, SatisfyJob } from '../index-store/satisfy-rows.ts';
import { satisfiableRules, withNeeds } from '../index-store/satisfy-rows.ts';
import { StoredRows } from '../index-store/stored-rows.ts';
import type { PolicyScope, ServedChannel } from '../types.ts';
import type { CondaIndex, NameFacts } from './conda-index.ts';
import type { RecordPlace } from './record-facts.ts';
import { factsOfFilename } from './record-facts.ts';

/** More builds than any package has. */
const maxFacts = 20_000;

export type Asked = {
  readonly documents: Documents;
  readonly channel: ServedChannel;
  readonly nowMs: number;
  /** Another index of the channel; undefined where there is none. @throws UpstreamError */
  readonly find?: (segments: readonly string[]) => Promise<CondaIndex | undefined>;
};
/**
 * The rows of an index, whatever policies say; made once for all who ask.
 * @param segments of the document, without `.zst`
 */
export function rowsOf(
  asked: Asked,
  segments: readonly string[],
  index: CondaIndex,
): StoredRows | Promise<StoredRows> {
  const { documents, channel } = asked;
  const path = segments.join('/');
  return documents.rows.get(channel.id, path, index, async () => {
    const { rows, unknown } = await readRows(asked, segments, index);
    const drops = unknown === 0 ? {} : { 'unknown-record': unknown };
    documents.health.dropped(channel.id, `policies ${path}`, drops);
    return rows;
  });
}

/** The same, for who needs them once: they are not kept. */
export async function readRows(
  { documents, channel, nowMs }: Asked,
  segments: readonly string[],
  { document: raw }: CondaIndex,
): Promise<{ readonly rows: StoredRows; readonly unknown: number }> {
  const [subdir = '', name = ''] = segments;
  const job = {
    type: 'conda-rows',
    channelId: channel.id,
    subdir,
    plainBytes: raw.plainBytes,
    nowMs,
    ...documents.sights.of(channel, subdir, name),
  } as const;
  const { pieces, result } = await documents.piecesOf(channel.id, raw, job);
  await documents.sights.keep(channel, subdir, name, result.sights, nowMs);
  return { rows: new StoredRows(raw.digest, pieces, result), unknown: result.unknown };
}

/**
 * What is left of an index; made once for all who ask under the same policies.
 * @param segments of the document, without `.zst`
 */
export function formOf(
  asked: Asked,
  segments: readonly string[],
  scope: PolicyScope,
  index: CondaIndex,
): IndexForm | Promise<IndexForm> {
  const { channel, documents, nowMs } = asked;
  const [subdir = ''] = segments;
  documents.rows.touch(channel.id, segments.join('/'));
  const { policies, tag: scopeKey } = scope;
  const make = (noarch: IndexForm | undefined) => async (onGrow: () => void) => {
    const rows = await rowsOf(asked, segments, index);
    const { columns } = rows;
    const verdicts = await judgeRows(asked, rows, {
      channelId: channel.id,
      subdir,
      policies,
      nowMs,
      columns,
    });
    const judged = asksSatisfiable ? await satisfied(asked, rows, verdicts, policies, noarch) : verdicts;
    return new IndexForm(rows, judged, { subdir, policies, scopeKey, onGrow });
  };
  const asksSatisfiable = satisfiableRules(policies).length > 0;
  if (!asksSatisfiable) return index.forms.get(scope.key, nowMs, make(undefined));
  return noarchBeside(asked, segments, scope).then((noarch) =>
    index.forms.get(`${scope.key}\0${noarch?.document.digest ?? ''}`, nowMs, make(noarch)),
  );
}

/** What the same policies leave of `noarch`, where dependencies of a platform's packages may stand too. */
async function noarchBeside(
  asked: Asked,
  [subdir = '', name = '']: readonly string[],
  scope: PolicyScope,
): Promise<IndexForm | undefined> {
  if (subdir === 'noarch') return undefined;
  const index = await asked.find?.(['noarch', name]);
  return index === undefined ? undefined : await formOf(asked, ['noarch', name], scope, index);
}

/** What is left after the rule "satisfiable". */
async function satisfied(
  { documents, channel }: Asked,
  rows: StoredRows,
  verdicts: Judged,
  policies: PolicyScope['policies'],
  noarch: IndexForm | undefined,
): Promise<Judged> {
  const changes = [verdicts.changesAtMs, noarch?.changesAtMs].filter((atMs) => atMs !== undefined);
  const changesAtMs = changes.length === 0 ? undefined : Math.min(...changes);
  const isLost = (states: Uint8Array | undefined) => states?.includes(rowState.hidden) === true;
  if (!isLost(verdicts.states) && !isLost(noarch?.states)) return { ...verdicts, changesAtMs };
  const sideOf = async (of: StoredRows, states: Uint8Array) => ({
    columns: of.columns,
    states,
    dependencies: await of.dependencies(() => documents.dependenciesOf(channel.id, of)),
  });
  const job: SatisfyJob = {
    own: await sideOf(rows, verdicts.states),
    noarch: noarch === undefined ? undefined : await sideOf(noarch.rows, noarch.states),
    policies,
  };
  const left = await documents.threads.lane().run<Satisfied>('satisfyRows', [job]);
  return { ...verdicts, ...left, changesAtMs };
}

type Judged = Extract<JudgedRows, { readonly type: 'judged' }>;

async function judgeRows({ documents }: Asked, rows: StoredRows, job: JudgeRowsJob): Promise<Judged> {
  const { threads } = documents;
  const version = threads.knowledgeVersion;
  const lane = threads.lane();
  let judged = await lane.run<JudgedRows>('judgeRows', [version, job]);
  if (judged.type === 'needs') {
    const entries = [...judged.rows].map((row) => new Uint8Array(rows.entryOf(row)));
    judged = await lane.run<JudgedRows>('judgeRows', [
      version,
      { ...job, entries: { rows: judged.rows, entries } },
    ]);
  }
  if (judged.type === 'needs') throw new Error('A rule asks for more than there is.');
  return judged;
}

/** By file of a name: what it needs, of which these policies leave nothing. */
export function needsOfName(form: IndexForm, names: NameFacts, name: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { filename } of names.facts) {
    const row = form.rows.rowOf(filename);
    const needs = row === undefined || form.rows.nameOf(row) !== name ? undefined : form.needsOf(row);
    if (needs !== undefined) found.set(filename, needs);
  }
  return found;
}

/** What an index says about all files of a name. */
export async function nameFacts(
  asked: Asked,
  subdir: string,
  index: CondaIndex | undefined,
  name: string,
): Promise<NameFacts> {
  if (index === undefined) return { facts: [], removed: [] };
  const rows = await rowsOf(asked, [subdir, 'repodata.json'], index);
  return await index.names.get(name, async () => {
    const prefix = `${name}-`;
    const isOfName = (file: string) => file.slice(0, prefix.length).toLowerCase() === prefix;
    const facts = await factsOf(asked, subdir, rows, rows.rowsOfName(name).subarray(0, maxFacts));
    return {
      facts: facts.filter((known) => known !== undefined),
      removed: (rows.removed ?? []).filter(isOfName),
    };
  });
}

/** What the records of some rows say, with the newest version of each name. */
async function factsOf(
  { documents, channel }: Asked,
  subdir: string,
  rows: StoredRows,
  numbers: Uint32Array,
): Promise<readonly (PackageFacts | undefined)[]> {
  if (numbers.length === 0) return [];
  const list = [...numbers];
  // Copies: what they are views of is handed to no thread.
  const entries = list.map((row) => new Uint8Array(rows.entryOf(row)));
  const places = list.map((row): RecordPlace => ({
    channelId: channel.id,
    subdir,
    extension: rows.containerOf(row).extension,
  }));
  const { nameIds, versionIds, timesMs, byName, nameFirsts, versions } = rows.columns;
  const columns = { nameIds, versionIds, timesMs, byName, nameFirsts, versions };
  const job: EntryFactsJob = { rows: numbers.slice(), entries, places, columns };
  return await documents.threads.lane().run('entryFacts', [job]);
}

/**
 * What policies say to one file; undefined: nothing.
 * @param segments of the file
 * @param index of the file's subdir; undefined where there is none
 */
export async function judgeFile(
  asked: Asked,
  segments: readonly string[],
  scope: PolicyScope,
  index: CondaIndex | undefined,
): Promise<SpokenPackage | undefined> {
  const [subdir = '', filename = ''] = segments;
  if (index !== undefined) {
    const form = await formOf(asked, [subdir, 'repodata.json'], scope, index);
    const row = form.rows.rowOf(filename);
    if (row !== undefined) return await spokenOf(asked, subdir, form, row);
    const byName = factsOfName(asked, segments);
    const isRemoved = form.rows.wasRemoved(filename);
    return await judgeFacts(asked, scope.policies, isRemoved ? { ...byName, isRemoved } : byName);
  }
  return await judgeFacts(asked, scope.policies, factsOfName(asked, segments));
}

/** What policies say to a row of an index; undefined: nothing. */
export async function spokenOf(
  asked: Asked,
  subdir: string,
  form: IndexForm,
  row: number,
): Promise<SpokenPackage | undefined> {
  if (form.states[row] === rowState.silent) return undefined;
  const [facts] = await factsOf(asked, subdir, form.rows, Uint32Array.of(row));
  if (facts === undefined) throw new Error('A row without facts.');
  const spoken = await judgeFacts(asked, form.policies, facts);
  const needs = form.needsOf(row);
  return needs === undefined ? spoken : withNeeds(spoken, facts, needs, form.policies);
}

/** The same of several rows. */
export async function spokenOfRows(
  asked: Asked,
  subdir: string,
  form: IndexForm,
  rows: Uint32Array,
): Promise<readonly SpokenPackage[]> {
  const found = await factsOf(asked, subdir, form.rows, rows);
  const known = found.flatMap((facts, index) =>
    facts === undefined ? [] : [{ facts, row: rows[index] ?? 0 }],
  );
  const all = known.map(({ facts }) => facts);
  const [verdicts = []] = await asked.documents.judge([form.policies], all, asked.nowMs);
  return known.flatMap(({ facts, row }, index) => {
    const { filename, name, version } = facts;
    const { reasons, style } = verdicts[index] ?? { reasons: [], style: 'refuse' };
    const spoken =
      reasons.length === 0 ? undefined : { filename, name, version, isHidden: style === 'hide', reasons };
    const needs = form.needsOf(row);
    if (needs !== undefined) return [withNeeds(spoken, facts, needs, form.policies)];
    return spoken === undefined ? [] : [spoken];
  });
}

async function judgeFacts(
  { documents, nowMs }: Asked,
  policies: PolicyScope['policies'],
  facts: PackageFacts,
): Promise<SpokenPackage | undefined> {
  const [[verdict] = []] = await documents.judge([policies], [facts], nowMs);
  if (verdict === undefined) throw new Error('No verdict.');
  if (verdict.reasons.length === 0) return undefined;
  const { filename, name, version } = facts;
  return { filename, name, version, isHidden: verdict.style === 'hide', reasons: verdict.reasons };
}

/** Of a file that is in no index. */
function factsOfName({ channel }: Asked, [subdir = '', filename = '']: readonly string[]): PackageFacts {
  const place = { channelId: channel.id, subdir };
  const byName = factsOfFilename(filename, place);
  if (byName !== undefined) return byName;
  // A name without version and build: nobody installs it.
  return {
    ecosystem: 'conda',
    ...place,
    name: filename,
    version: '',
    filename,
    kind: 'unlisted',
    platforms: [subdir],
  };
}
