/**
 * The request log, as people ask it. Invariant: rows of somebody are shown only after the vault's log says who asked for
 * them (`log-look-ups.ts`); what is sealed to the admins is opened for an admin alone, and for this answer alone.
 */
import type { LogRowQuery } from '../../shared/contract/log-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import { dayMs } from '../../shared/model/time.ts';
import { segmentSizes } from '../request-log/segment-sizes.ts';
import type { RowStore } from '../request-log/store/row-store.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { GatewayIdentity } from '../gateway/probe.ts';
import type { Context } from './context.ts';
import { definedOnly, rowView, subjectNames } from './log-row-views.ts';
import type { LookUp } from './log-look-ups.ts';
import { LookUps } from './log-look-ups.ts';
import { openPersons } from './log-persons.ts';
import { pruneLog } from '../request-log/keep-log.ts';
import { keepingTime } from '../request-log/keeping-clock.ts';
import { logKeepingView, planPrune, previewOf } from './log-keeping.ts';
import type { SegmentTrouble } from './log-check.ts';
import { logVerify } from './log-verify.ts';

type Deps = {
  /** Of the request log. */
  readonly dir: string;
  readonly store: RowStore;
  /** Of the gateway of this folder. */
  readonly identity: () => GatewayIdentity | undefined;
  /** A whole check found these, and nothing else. */
  readonly onFound: (troubles: readonly SegmentTrouble[]) => void;
};

export type RequestLogService = {
  readonly handlers: Handlers['log'];
  /** The vault was locked: questions end. */
  readonly stop: () => void;
};

/** An admin opens at most so many rows at once: each segment that they stand in is read. */
const maxOpened = 200;
/** A gateway that is at it takes a second for each segment. */
const prunePatienceMs = 30_000;

export function requestLogService(
  context: Pick<Context, 'vault' | 'commit' | 'emit' | 'now'>,
  { dir, store, identity, onFound }: Deps,
): RequestLogService {
  const lookUps = new LookUps(context);
  const verify = logVerify(context, { dir, identity, onFound });
  const state = () => context.vault().state();

  const rowsOf: Handlers['log']['rows'] = async (query) => {
    const { limit, cursor, open, file, ...rest } = query;
    const filter = { ...definedOnly(rest), ...(file === undefined ? {} : { file: definedOnly(file) }) };
    const vault = context.vault();
    if (open && vault.operator.role !== 'admin')
      throw new LatchkeyError('OPERATION_NOT_ALLOWED', ['logPersonsNeedAdmin']);
    const subject = subjectOf(query, vault.state());
    if (subject !== undefined)
      await lookUps.note({ subject, ...wholePeriod(query, context.now()), opened: open });
    const page = await store.rows(filter, pageOf(open ? Math.min(limit, maxOpened) : limit, cursor));
    const who = open ? await openPersons(dir, vault, page.items) : [];
    return {
      rows: page.items.map((row, index) => rowView(row, state(), who[index])),
      ...nextOf(page),
      unopened: open ? who.filter((one) => one === undefined).length : 0,
    };
  };

  /** What is told of a person's token is told of a person. */
  const noteToken = async (tokenId: TokenId, period: Parameters<typeof wholePeriod>[0]): Promise<void> => {
    const subject = subjectOf({ tokenId }, state());
    if (subject !== undefined)
      await lookUps.note({ subject, ...wholePeriod(period, context.now()), opened: false });
  };

  const handlers: Handlers['log'] = {
    ...verify.handlers,
    rows: rowsOf,
    status: async () => {
      const [sizes, dropped, files, keeping] = await Promise.all([
        store.sizes(),
        store.droppedRows(),
        segmentSizes(dir),
        logKeepingView(dir, state().retention, context.now()),
      ]);
      const { rowsDays, rollupBytes, rollupDays } = sizes;
      const rows = sizes.rows + sizes.besideRows;
      const rowsBytes =
        sizes.rowsBytes + files.packed + files.plain + files.keys + files.address + files.ciUser;
      const { retention, anchors } = state();
      const anchoredAtMs = [...anchors.values()].reduce((last, { atMs }) => Math.max(last, atMs), 0);
      const known = { retention, rows, rowsBytes, rowsDays, rollupBytes, rollupDays, dropped, ...keeping };
      return anchoredAtMs === 0 ? known : { ...known, anchoredAtMs };
    },
    whoHas: async ({ limit, cursor, file, ...period }) => {
      const page = await store.whoHas(definedOnly(file), definedOnly(period), pageOf(limit, cursor));
      return {
        holdings: page.items.map(({ file: one, subject, count, bytes, firstMs, lastMs }) => ({
          file: one,
          ...subjectNames(subject, state()),
          count,
          bytes,
          firstMs,
          lastMs,
        })),
        ...nextOf(page),
      };
    },
    installed: async ({ limit, cursor, where, ...period }) => {
      if ('tokenId' in where) await noteToken(where.tokenId, period);
      const page = await store.installed(where, definedOnly(period), pageOf(limit, cursor));
      return { files: [...page.items], ...nextOf(page) };
    },
    clients: async ({ limit, cursor, ...filter }) => {
      await noteToken(filter.tokenId, filter);
      const page = await store.clients(definedOnly(filter), pageOf(limit, cursor));
      return { clients: [...page.items], ...nextOf(page) };
    },
    refusals: async ({ limit, cursor, ...filter }) => {
      const page = await store.refusals(definedOnly(filter), pageOf(limit, cursor));
      const { environments } = state();
      return {
        refusals: page.items.map(({ environmentId, ...refusal }) => ({
          ...refusal,
          ...definedOnly({ environment: environments.get(environmentId as never)?.name }),
        })),
        ...nextOf(page),
      };
    },
    indexUse: async ({ limit, cursor, ...filter }) => {
      // By the hour, it says when somebody worked.
      if (filter.tokenId !== undefined) await noteToken(filter.tokenId, filter);
      const page = await store.indexUse(definedOnly(filter), pageOf(limit, cursor));
      return { uses: [...page.items], ...nextOf(page) };
    },
    tokenUse: async ({ tokenId }) => {
      const [found] = (await store.tokenUses([tokenId])).items;
      if (found === undefined) return {};
      const { tokenId: _tokenId, ...use } = found;
      return { use };
    },
    planPrune: () => planPrune(dir, state().retention, context.now()),
    prune: async () => {
      const { retention } = state();
      const { nowMs, doubted } = await keepingTime(dir, context.now());
      const options = { patienceMs: prunePatienceMs, signer: identity() };
      const pruned = await pruneLog(dir, store, retention, nowMs, options);
      // Whoever was at it has taken the same.
      return { segments: 0, persons: 0, bytes: 0, ...pruned, ...definedOnly({ doubtedClock: doubted }) };
    },
    previewRetention: async (next) => {
      const [sizes, files] = await Promise.all([store.sizes(), segmentSizes(dir)]);
      return previewOf({ sizes, files, now: state().retention, next, nowMs: context.now() });
    },
    setRetention: async (retention) => {
      const { rowsDays, addressDays, ciUserDays, rollupDays } = retention;
      if (Math.max(addressDays, ciUserDays) > rowsDays || rowsDays > rollupDays)
        throw new LatchkeyError('INVALID_INPUT', ['retentionOrder']);
      await context.commit((before) => {
        const { maxGib = before.retention.maxGib } = retention;
        const next = { rowsDays, addressDays, ciUserDays, rollupDays, ...definedOnly({ maxGib }) };
        const isSame = JSON.stringify(before.retention) === JSON.stringify(next);
        return { events: isSame ? [] : [{ type: 'log.retention-set', ...next }], result: undefined };
      });
      return state().retention;
    },
    lookUps: () => lookUps.list(),
  };
  return {
    handlers,
    stop: () => {
      verify.stop();
      lookUps.forget();
      store.close();
    },
  };
}

/** Whose rows are asked for; undefined where they are those of a machine. */
function subjectOf(
  query: Pick<LogRowQuery, 'tokenId'> & Partial<Pick<LogRowQuery, 'file' | 'open'>>,
  { tokens, holders }: OrganizationState,
): LookUp['subject'] | undefined {
  const { tokenId, file, open } = query;
  if (tokenId === undefined) {
    if (file === undefined) return { type: 'everybody' };
    const name =
      'sha256' in file ? file.sha256 : `${file.ecosystem} ${file.name} ${file.version ?? ''}`.trim();
    return { type: 'package', name };
  }
  const token = tokens.get(tokenId);
  // One that the organization never had is nobody's.
  if (token === undefined) return undefined;
  const isPerson = holders.get(token.holderId)?.kind === 'person';
  return isPerson || open === true ? { type: 'token', tokenId } : undefined;
}

/** As it stands in the vault's log: to the end of the day, so that looking again is no other period. */
function wholePeriod(
  { fromMs, toMs }: { readonly fromMs?: number | undefined; readonly toMs?: number | undefined },
  nowMs: number,
): Pick<LookUp, 'fromMs' | 'toMs'> {
  const endOfDayMs = (Math.floor(nowMs / dayMs) + 1) * dayMs;
  const from = Math.max(0, fromMs ?? 0);
  return { fromMs: from, toMs: Math.max(from, Math.min(toMs ?? endOfDayMs, endOfDayMs)) };
}

const pageOf = (limit: number, cursor: string | undefined) =>
  cursor === undefined ? { limit } : { limit, cursor };
const nextOf = ({ next }: { readonly next?: string }) => (next === undefined ? {} : { next });
