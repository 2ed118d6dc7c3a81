/**
 * Index documents of conda channels under policies. Invariant: where policies speak, only what they leave is served; a
 * document that nothing here can filter is not served at all.
 */
import type { Documents } from '../documents/documents.ts';
import { IndexForm } from '../index-store/index-form.ts';
import type { JudgedRows, JudgeRowsJob } from '../index-store/judge-rows.ts';
import { rowState } from '../index-store/row-states.ts';
import type { Satisfied, SatisfyJob } from '../index-store/satisfy-rows.ts';
import { satisfiableRules } from '../index-store/satisfy-rows.ts';
import { StoredRows } from '../index-store/stored-rows.ts';
import type { PolicyScope, ServedChannel } from '../types.ts';
import { UpstreamError } from '../types.ts';
import type { CondaIndex } from './conda-index.ts';
import type { NoarchIndex } from './noarch-beside.ts';

export type Asked = {
  readonly documents: Documents;
  readonly channel: ServedChannel;
  readonly nowMs: number;
  /** The document of this name in the channel's `noarch`. */
  readonly noarch: (name: string) => Promise<NoarchIndex>;
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
  const make = (noarch: Beside) => async (onGrow: () => void) => {
    const rows = await rowsOf(asked, segments, index);
    const { columns } = rows;
    const verdicts = await judgeRows(asked, rows, {
      channelId: channel.id,
      subdir,
      policies,
      nowMs,
      digest: rows.digest,
      columns,
    });
    const judged = asksSatisfiable ? await satisfied(asked, rows, verdicts, policies, noarch) : verdicts;
    return new IndexForm(rows, judged, { subdir, policies, scopeKey, onGrow });
  };
  const asksSatisfiable = satisfiableRules(policies).length > 0;
  if (!asksSatisfiable) return index.forms.get(scope.key, nowMs, make(undefined));
  return noarchBeside(asked, segments, scope).then((noarch) => {
    const beside = noarch === 'unknown' ? noarch : (noarch?.document.digest ?? '');
    return index.forms.get(`${scope.key}\0${beside}`, nowMs, make(noarch));
  });
}

type Beside = IndexForm | 'unknown' | undefined;

/** What the same policies leave of `noarch`, where dependencies of a platform's packages may stand too. */
async function noarchBeside(
  asked: Asked,
  [subdir = '', name = '']: readonly string[],
  scope: PolicyScope,
): Promise<Beside> {
  if (subdir === 'noarch') return undefined;
  const index = await asked.noarch(name);
  if (index === undefined || index === 'unknown') return index;
  try {
    return await formOf(asked, ['noarch', name], scope, index);
  } catch (error) {
    // The platform's own index does not go wrong with it.
    if (error instanceof UpstreamError) return 'unknown';
    throw error;
  }
}

/** What is left after the rule "satisfiable"; it says nothing where `noarch`, which may have what is needed, is not known. */
async function satisfied(
  { documents, channel }: Asked,
  rows: StoredRows,
  verdicts: Judged,
  policies: PolicyScope['policies'],
  noarch: Beside,
): Promise<Judged> {
  if (noarch === 'unknown') return verdicts;
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
