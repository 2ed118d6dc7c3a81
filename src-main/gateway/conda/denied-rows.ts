/** Rows of a conda index that policies deny: for lists, and for who took an older version. Bounded, in short steps. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SpokenPackage } from '../documents/spoken-files.ts';
import type { HiddenAnswer, HiddenQuestion } from '../hidden-packages.ts';
import type { IndexForm } from '../index-store/index-form.ts';
import { rowState } from '../index-store/row-states.ts';
import type { JudgedFile } from '../judged-file.ts';
import { isNewer } from '../versions.ts';
import type { Asked } from './policy-index.ts';
import { spokenOf, spokenOfRows } from './spoken-rows.ts';

/** Some milliseconds each. */
const stepRows = 20_000;

/** Whether a file stands in the index and is sent. */
export function isAllowedRow({ rows, states }: IndexForm, filename: string): boolean {
  const row = rows.rowOf(filename);
  return row !== undefined && (states[row] === rowState.silent || states[row] === rowState.observed);
}

type Counted = { readonly row: number; files: number };

/** Denied versions, each with its first row. @returns also how many there are beyond the limit */
async function versionsOf(
  { rows, states }: IndexForm,
  { name: wanted, limit }: Pick<HiddenQuestion, 'name' | 'limit'>,
): Promise<{ readonly found: ReadonlyMap<string, Counted>; readonly total: number }> {
  const found = new Map<string, Counted>();
  const all = new Set<string>();
  const some = wanted === undefined ? undefined : rows.rowsOfName(wanted);
  const count = some?.length ?? rows.count;
  for (let at = 0; at < count; at += 1) {
    // oxlint-disable-next-line no-await-in-loop
    if (at % stepRows === stepRows - 1) await nextTurn();
    const row = some?.[at] ?? at;
    const state = states[row];
    if (state !== rowState.hidden && state !== rowState.refused) continue;
    const key = `${rows.nameOf(row)} ${rows.versionOf(row)}`;
    all.add(key);
    const known = found.get(key);
    if (known !== undefined) known.files += 1;
    else if (found.size < limit) found.set(key, { row, files: 1 });
  }
  return { found, total: all.size };
}

/** What policies deny in one index. */
export async function deniedRows(
  asked: Asked,
  subdir: string,
  form: IndexForm,
  wanted: Pick<HiddenQuestion, 'name' | 'limit'>,
): Promise<HiddenAnswer> {
  const { found, total } = await versionsOf(form, wanted);
  const rows = Uint32Array.from(found.values(), ({ row }) => row);
  const versions = (await spokenOfRows(asked, subdir, form, rows)).map(
    ({ name, version, isHidden, reasons }) => ({
      name,
      version,
      isHidden,
      reasons,
      files: found.get(`${name} ${version}`)?.files ?? 1,
    }),
  );
  return { versions, total };
}

/** The same, with the files. */
export async function spokenVersions(
  asked: Asked,
  subdir: string,
  form: IndexForm,
  limit: number,
): Promise<{ readonly files: readonly SpokenPackage[]; readonly total: number }> {
  const { found, total } = await versionsOf(form, { limit });
  const rows = Uint32Array.from(found.values(), ({ row }) => row);
  return { files: await spokenOfRows(asked, subdir, form, rows), total };
}

type Newest = JudgedFile['insteadOf'];
/** By name; kept as long as the form that says it. */
const known = new WeakMap<IndexForm, Map<string, Promise<Newest>>>();

/** The newest version of the same package that is hidden, if it is newer than this one. */
export async function newerHiddenRow(
  asked: Asked,
  subdir: string,
  form: IndexForm,
  { name, version }: NonNullable<JudgedFile['about']>,
): Promise<Newest> {
  let names = known.get(form);
  if (names === undefined) {
    names = new Map();
    known.set(form, names);
  }
  let newest = names.get(name);
  if (newest === undefined) {
    newest = newestHidden(asked, subdir, form, name);
    names.set(name, newest);
    newest.catch(() => names.delete(name));
  }
  const found = await newest;
  return found !== undefined && isNewer('conda', found.version, version) ? found : undefined;
}

async function newestHidden(asked: Asked, subdir: string, form: IndexForm, name: string): Promise<Newest> {
  const { rows, states } = form;
  let best: number | undefined;
  let last = '';
  for (const row of rows.rowsOfName(name)) {
    const version = rows.versionOf(row);
    // Builds of one version stand together.
    if (states[row] !== rowState.hidden || version === last) continue;
    last = version;
    if (best === undefined || isNewer('conda', version, rows.versionOf(best))) best = row;
  }
  if (best === undefined) return undefined;
  const spoken = await spokenOf(asked, subdir, form, best);
  const [reason] = spoken?.reasons ?? [];
  return reason === undefined ? undefined : { version: rows.versionOf(best), reason };
}
