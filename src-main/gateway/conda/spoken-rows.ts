/**
 * What policies say to files of conda channels. Invariant: a file is sent only if the index of its subdir, as these policies
 * leave it, allows it, or where it stands in no index, its name alone does.
 */
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { SpokenPackage } from '../documents/spoken-files.ts';
import { spokenBy } from '../documents/spoken-files.ts';
import type { EntryFactsJob } from '../index-store/entry-facts.ts';
import type { IndexForm } from '../index-store/index-form.ts';
import { rowState } from '../index-store/row-states.ts';
import { satisfiableRules, withNeeds } from '../index-store/satisfy-rows.ts';
import type { StoredRows } from '../index-store/stored-rows.ts';
import type { PolicyScope } from '../types.ts';
import type { CondaIndex, NameFacts } from './conda-index.ts';
import type { Asked } from './policy-index.ts';
import { formOf, rowsOf } from './policy-index.ts';
import type { RecordPlace } from './record-facts.ts';
import { factsOfFilename } from './record-facts.ts';

/** More builds than any package has. */
const maxFacts = 20_000;

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

async function factsOfRow(
  asked: Asked,
  subdir: string,
  rows: StoredRows,
  row: number,
): Promise<PackageFacts> {
  const [facts] = await factsOf(asked, subdir, rows, Uint32Array.of(row));
  if (facts === undefined) throw new Error('A row without facts.');
  return facts;
}

/**
 * What policies say to one file; undefined: nothing.
 * @param segments of the file
 * @param index of the file's subdir; undefined where there is none
 * @param isAlone judged without all the others, where that says the same
 */
export async function judgeFile(
  asked: Asked,
  segments: readonly string[],
  scope: PolicyScope,
  index: CondaIndex | undefined,
  isAlone = false,
): Promise<SpokenPackage | undefined> {
  const [subdir = '', filename = ''] = segments;
  const { documents, nowMs } = asked;
  const { policies } = scope;
  if (index === undefined) return await documents.judgeOne(policies, factsOfName(asked, segments), nowMs);
  const document = [subdir, 'repodata.json'];
  const needsForm = !isAlone || satisfiableRules(policies).length > 0;
  const form = needsForm ? await formOf(asked, document, scope, index) : undefined;
  const rows = form?.rows ?? (await rowsOf(asked, document, index));
  const row = rows.rowOf(filename);
  if (row === undefined)
    return await documents.judgeOne(policies, factsWithoutRow(asked, segments, rows), nowMs);
  if (form !== undefined) return await spokenOf(asked, subdir, form, row);
  return await documents.judgeOne(policies, await factsOfRow(asked, subdir, rows, row), nowMs);
}

/** What is known of a file that no row of its index is about. */
function factsWithoutRow(asked: Asked, segments: readonly string[], rows: StoredRows): PackageFacts {
  const filename = segments.at(-1) ?? '';
  const byName = factsOfName(asked, segments);
  if (rows.isUnusable(filename)) return { ...byName, isUnusable: true };
  return rows.wasRemoved(filename) ? { ...byName, isRemoved: true } : byName;
}

/** What policies say to a row of an index; undefined: nothing. */
export async function spokenOf(
  asked: Asked,
  subdir: string,
  form: IndexForm,
  row: number,
): Promise<SpokenPackage | undefined> {
  if (form.states[row] === rowState.silent) return undefined;
  const facts = await factsOfRow(asked, subdir, form.rows, row);
  const spoken = await asked.documents.judgeOne(form.policies, facts, asked.nowMs);
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
    const verdict = verdicts[index];
    const spoken = verdict === undefined ? undefined : spokenBy(facts, verdict);
    const needs = form.needsOf(row);
    if (needs !== undefined) return [withNeeds(spoken, facts, needs, form.policies)];
    return spoken === undefined ? [] : [spoken];
  });
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
