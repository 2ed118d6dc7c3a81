/**
 * The request log, as people ask it. Invariant: what somebody did, and who did something, is shown only after the vault's
 * log says who asked for it (`log-look-ups.ts`), also where the answer is empty or fails; what is sealed to the admins is
 * opened for an admin alone, and for this answer alone.
 */
import type { LoggedFileQuery } from '../../shared/model/logged-file.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import type { Retention } from '../../shared/model/log-keeping.ts';
import { dayMs } from '../../shared/model/time.ts';
import { segmentSizes } from '../request-log/segment-sizes.ts';
import type { FileQuery, RowStore } from '../request-log/store/row-store.ts';
import { normalName } from '../curation/ecosystem.ts';
import type { GatewayIdentity } from '../gateway/probe.ts';
import { normalizeVersion } from '../gateway/pypi/version.ts';
import type { Context } from './context.ts';
import { definedOnly, environmentName, rowView, subjectNames } from './log-row-views.ts';
import type { LookUp } from './log-look-ups.ts';
import { LookUps } from './log-look-ups.ts';
import { openPersons } from './log-persons.ts';
import { PersonsTokens } from './persons-tokens.ts';
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
  const persons = new PersonsTokens();
  const verify = logVerify(context, { dir, identity, onFound });
  const state = () => context.vault().state();

  const note = (subject: LookUp['subject'], period: GivenPeriod, opened = false): Promise<void> =>
    lookUps.note({ subject, ...wholePeriod(period, context.now()), opened });
  /** What a machine did is nobody's, but where it was opened. */
  const noteToken = async (tokenId: TokenId, period: GivenPeriod, opened = false): Promise<void> => {
    const vault = context.vault();
    if (!opened && (await persons.whose(vault, tokenId)) === 'machine') return;
    // A restored vault may have lost it: nobody can say whose it was.
    const isKnown = vault.state().tokens.has(tokenId);
    await note(isKnown ? { type: 'token', tokenId } : { type: 'everybody' }, period, opened);
  };

  const rowsOf: Handlers['log']['rows'] = async (query) => {
    const { limit, cursor, open, file: asked, ...rest } = query;
    const file = asked === undefined ? undefined : fileQuery(asked);
    const filter = { ...definedOnly(rest), ...definedOnly({ file }) };
    const vault = context.vault();
    if (open && vault.operator.role !== 'admin')
      throw new LatchkeyError('OPERATION_NOT_ALLOWED', ['logPersonsNeedAdmin']);
    if (query.tokenId !== undefined) await noteToken(query.tokenId, query, open);
    else await note(file === undefined ? { type: 'everybody' } : packageOf(file), query, open);
    const page = await store.rows(filter, pageOf(open ? Math.min(limit, maxOpened) : limit, cursor));
    const who = open ? await openPersons(dir, vault, page.items) : [];
    return {
      rows: page.items.map((row, index) => rowView(row, state(), who[index])),
      ...nextOf(page),
      unopened: open ? who.filter((one) => one === undefined).length : 0,
    };
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
    whoHas: async ({ limit, cursor, file: asked, ...period }) => {
      const file = fileQuery(asked);
      await note(packageOf(file), period);
      const page = await store.whoHas(file, definedOnly(period), pageOf(limit, cursor));
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
      return {
        refusals: page.items.map(({ environmentId, ...refusal }) => ({
          ...refusal,
          ...definedOnly({ environment: environmentName(environmentId, state()) }),
        })),
        ...nextOf(page),
      };
    },
    indexUse: async ({ limit, cursor, ...filter }) => {
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
      assertOrder(next);
      const [sizes, files] = await Promise.all([store.sizes(), segmentSizes(dir)]);
      return previewOf({ sizes, files, now: state().retention, next, nowMs: context.now() });
    },
    setRetention: async (retention) => {
      const { rowsDays, addressDays, ciUserDays, rollupDays } = retention;
      assertOrder(retention);
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
      persons.forget();
      store.close();
    },
  };
}

/** Names and versions as rows have them, however they were typed. */
function fileQuery(asked: LoggedFileQuery): FileQuery {
  if ('sha256' in asked) return asked;
  const { ecosystem, name, version } = asked;
  const normal = ecosystem === 'pypi' && version !== undefined ? normalizeVersion(version) : undefined;
  return { ecosystem, name: normalName(ecosystem, name), ...definedOnly({ version: normal ?? version }) };
}

const packageOf = (file: FileQuery): LookUp['subject'] => ({
  type: 'package',
  name: 'sha256' in file ? file.sha256 : `${file.ecosystem} ${file.name} ${file.version ?? ''}`.trim(),
});

type GivenPeriod = { readonly fromMs?: number | undefined; readonly toMs?: number | undefined };

/** @throws LatchkeyError INVALID_INPUT */
function assertOrder({ rowsDays, addressDays, ciUserDays, rollupDays }: Omit<Retention, 'maxGib'>): void {
  if (Math.max(addressDays, ciUserDays) > rowsDays || rowsDays > rollupDays)
    throw new LatchkeyError('INVALID_INPUT', ['retentionOrder']);
}

/** As it stands in the vault's log: to the end of the day, so that looking again is no other period. */
function wholePeriod({ fromMs, toMs }: GivenPeriod, nowMs: number): Pick<LookUp, 'fromMs' | 'toMs'> {
  const endOfDayMs = (Math.floor(nowMs / dayMs) + 1) * dayMs;
  const from = Math.max(0, fromMs ?? 0);
  return { fromMs: from, toMs: Math.max(from, Math.min(toMs ?? endOfDayMs, endOfDayMs)) };
}

const pageOf = (limit: number, cursor: string | undefined) =>
  cursor === undefined ? { limit } : { limit, cursor };
const nextOf = ({ next }: { readonly next?: string }) => (next === undefined ? {} : { next });
