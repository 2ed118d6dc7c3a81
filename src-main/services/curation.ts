import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { FeedView } from '../../shared/contract/curation-views.ts';
import type { VaultAlarmView } from '../../shared/contract/session-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Assessment, Feed } from '../../shared/model/curation.ts';
import { texts } from '../../shared/texts/texts.ts';
import { defaultNames } from '../curation/default-names.ts';
import { normalName } from '../curation/ecosystem.ts';
import type { OrganizationState } from '../organization/state.ts';
import { assessmentKey } from '../policy/packages/curation-keys.ts';
import { parsePrivateHosts } from '../network/private-hosts.ts';
import type { AdvisoryEntry } from './advisory-list.ts';
import { AdvisoryList } from './advisory-list.ts';
import { requireEntry } from './checks.ts';
import type { Context } from './context.ts';
import { curationTables } from './curation-tables.ts';
import type { FactsKeeper } from './facts-keeper.ts';
import { isStale, keptOf } from './facts-manifest.ts';
import { firstUnknown } from './known-advisories.ts';
import type { KeptFeed } from './facts-manifest.ts';
import type { PackageInUse } from './packages-in-use.ts';
import { usedPackages, useOf } from './use-of-advisory.ts';
import { vexHandlers } from './vex.ts';

const words = texts.facts;

type Deps = {
  readonly keeper: FactsKeeper;
  readonly folderOf: (label: string) => string | undefined;
  /** What was asked for through gateways, as far as that is remembered. */
  readonly inUse: () => readonly PackageInUse[];
};

/** What the organization says about packages, and where its facts come from. */
export function curationService(
  context: Pick<Context, 'vault' | 'commit' | 'now'>,
  { keeper, folderOf, inUse }: Deps,
): {
  readonly handlers: Handlers['curation'];
  /** Every advisory with each package that it is about, the worst first. */
  readonly advisories: () => Promise<readonly AdvisoryEntry[]>;
  readonly forget: () => void;
} {
  const list = new AdvisoryList();
  const viewOf = (feed: Feed): FeedView => feedView(feed, keeper, folderOf, context.now());
  const feedNamed = (name: string): Feed => requireEntry(context.vault().state().feeds, name, 'feed');

  const handlers: Handlers['curation'] = {
    facts: async () => {
      const { compiled } = keeper.manifest();
      const feeds = [...context.vault().state().feeds.values()].toSorted((a, b) =>
        a.name < b.name ? -1 : 1,
      );
      return {
        feeds: feeds.map(viewOf),
        version: compiled?.sha256 ?? '',
        counts: [...(compiled?.counts ?? [])],
      };
    },

    saveFeed: async (draft) => {
      const { source } = draft;
      const privateHosts = source.type === 'url' ? parsePrivateHosts(source.privateHosts ?? []) : [];
      const feed: Feed =
        source.type === 'url'
          ? {
              ...draft,
              source: {
                type: 'url',
                url: source.url,
                ...(privateHosts.length === 0 ? {} : { privateHosts }),
              },
            }
          : draft;
      await context.commit(() => ({
        events: [{ type: 'feed.set', feed: storedFeed(feed) }],
        result: undefined,
      }));
      return viewOf(feed);
    },

    removeFeed: async ({ name }) => {
      await context.commit((state) => {
        requireEntry(state.feeds, name, 'feed');
        return { events: [{ type: 'feed.removed', name }], result: undefined };
      });
      return {};
    },

    updateFeed: async ({ name, acceptShrunk }) => {
      const feed = feedNamed(name);
      void keeper.update(feed, { acceptShrunk });
      return viewOf(feed);
    },

    importFeed: async ({ name, path, acceptShrunk }) => {
      const feed = feedNamed(name);
      if (!isAbsolute(path)) throw new LatchkeyError('INVALID_INPUT', ['folderNotAbsolute']);
      await stat(path).catch((cause: unknown) => {
        throw new LatchkeyError('INVALID_INPUT', ['folderNotReadable', path], {
          details: { folder: path },
          cause,
        });
      });
      void keeper.update(feed, { path, acceptShrunk });
      return viewOf(feed);
    },

    advisories: async ({ text, ecosystem, open, inUse: onlyInUse, offset, limit }) => {
      const state = context.vault().state();
      const wanted = text.trim().toLowerCase();
      const all = await list.of(keeper.facts());
      const used = usedPackages(inUse(), (conda) => pypiNameIn(state, conda));
      const found = all
        .filter(
          (entry) =>
            (ecosystem === undefined || entry.affected.ecosystem === ecosystem) &&
            (wanted === '' || entry.text.includes(wanted)) &&
            (!open || statusOf(state, entry) === undefined),
        )
        .map((entry) => ({ entry, use: useOf(entry.affected, used) }))
        .filter(({ use }) => !onlyInUse || use !== undefined)
        // The list is sorted, and sorting keeps the order of equals.
        .toSorted((a, b) => Number(b.use !== undefined) - Number(a.use !== undefined));
      return {
        total: found.length,
        rows: found.slice(offset, offset + limit).map(({ entry, use }) => ({
          ...rowOf(state, entry),
          ...(use === undefined ? {} : { inUse: use }),
        })),
        knowsUse: used.size > 0,
      };
    },

    assessments: async () => {
      const state = context.vault().state();
      return [...state.assessments.values()]
        .toSorted((a, b) => b.atMs - a.atMs)
        .map((entry) => ({ ...entry, byName: state.operators.get(entry.by)?.name ?? entry.by }));
    },

    assess: async ({ assessments: drafts, keepUnknown }) => {
      const assessments = drafts.map(normalised);
      if (!keepUnknown) {
        const state = context.vault().state();
        const known = await list.of(keeper.facts());
        const unknown = firstUnknown(assessments, known, (conda) => pypiNameIn(state, conda));
        if (unknown !== undefined) throw unknownAdvisory(unknown);
      }
      await context.commit(() => ({
        events: [{ type: 'advisory.assessed', assessments }],
        result: undefined,
      }));
      return {};
    },

    labels: async () =>
      [...context.vault().state().labels.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),

    label: async ({ labels, ...what }) => {
      await context.commit(() => ({
        events: [{ type: 'package.labelled', ...normalised(what), labels: [...new Set(labels)].toSorted() }],
        result: undefined,
      }));
      return {};
    },

    ...vexHandlers(context, keeper),
    ...curationTables(context),
  };
  return { handlers, advisories: () => list.of(keeper.facts()), forget: () => list.forget() };
}

function unknownAdvisory({ assessment, isAdvisoryKnown }: NonNullable<ReturnType<typeof firstUnknown>>) {
  const { advisoryId, ecosystem, name } = assessment;
  const details = { what: 'advisory', id: advisoryId };
  return isAdvisoryKnown
    ? new LatchkeyError('NOT_FOUND', ['advisoryOfOthers', advisoryId, `${ecosystem}:${name}`], { details })
    : new LatchkeyError('NOT_FOUND', ['advisoryUnknown', advisoryId], { details });
}

/** Names as they are compared; without members that are undefined, as the log wants it. */
function normalised<T extends Pick<Assessment, 'ecosystem' | 'name'>>(entry: T): T {
  const defined = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
  return { ...(defined as T), name: normalName(entry.ecosystem, entry.name) };
}

/** The log's own form has no absent members that are there. */
function storedFeed(feed: Feed): Feed {
  return JSON.parse(JSON.stringify(feed)) as Feed;
}

/** As the gateway's own knowledge has it (curation/knowledge.ts). */
function pypiNameIn(state: OrganizationState, conda: string): string | undefined {
  const own = state.nameMap.get(conda);
  if (own !== undefined) return own === '' ? undefined : own;
  return defaultNames().get(conda);
}

function statusOf(
  state: OrganizationState,
  { advisory, affected }: AdvisoryEntry,
): Assessment['status'] | undefined {
  const { ecosystem, name } = affected;
  for (const advisoryId of advisory.ids) {
    const found = state.assessments.get(assessmentKey({ advisoryId, ecosystem, name }));
    if (found !== undefined) return found.status;
  }
  return undefined;
}

function rowOf(state: OrganizationState, entry: AdvisoryEntry) {
  const { advisory, affected } = entry;
  const { id, ids, isMalware, score, isExploited, epss, publishedAtMs, summary } = advisory;
  const status = statusOf(state, entry);
  const fixedIn = [
    ...new Set(
      affected.ranges.flatMap((events) =>
        events.flatMap(({ type, version }) => (type === 'fixed' ? [version] : [])),
      ),
    ),
  ].join(', ');
  return {
    id,
    ids: [...ids],
    isMalware,
    isExploited,
    ...(score === undefined ? {} : { score }),
    ...(epss === undefined ? {} : { epss }),
    ...(publishedAtMs === undefined ? {} : { publishedAtMs }),
    ...(status === undefined ? {} : { status }),
    ecosystem: affected.ecosystem,
    name: affected.name,
    affected: words.affected(affected.versions, affected.ranges),
    ...(fixedIn === '' ? {} : { fixedIn }),
    summary,
  };
}

function feedView(feed: Feed, keeper: FactsKeeper, folderOf: Deps['folderOf'], nowMs: number): FeedView {
  const kept = keptOf(feed, keeper.manifest());
  const path = feed.source.type === 'folder' ? folderOf(feed.source.label) : undefined;
  const problem = problemOf(kept);
  return {
    ...feed,
    ...(kept?.fetchedAtMs === undefined ? {} : { fetchedAtMs: kept.fetchedAtMs }),
    records: kept?.records ?? 0,
    gone: kept?.gone ?? 0,
    isStale: isStale(feed, keeper.manifest(), nowMs),
    ...(path === undefined ? {} : { path }),
    ...(problem === undefined ? {} : { problem }),
    ...(kept?.shrunk === undefined ? {} : { shrunk: kept.shrunk }),
    isUpdating: keeper.isUpdating(feed.name),
  };
}

function problemOf(kept: KeptFeed | undefined): string | undefined {
  if (kept?.isDamaged === true)
    return kept.problem === undefined ? words.damaged : `${words.damaged} ${words.problemNow(kept.problem)}`;
  // Of one that was never read, nothing stays in force.
  if (kept?.problem !== undefined)
    return kept.fetchedAtMs === undefined ? words.problemNow(kept.problem) : words.problem(kept.problem);
  return kept === undefined || kept.bad === 0 ? undefined : words.badRecords(kept.bad, kept.firstBad ?? '');
}

/** What is wrong with the facts, for banners. */
export function factsAlarms(feeds: Iterable<Feed>, keeper: FactsKeeper, nowMs: number): VaultAlarmView[] {
  return [...feeds].flatMap((feed) => {
    const kept = keptOf(feed, keeper.manifest());
    const alarm = (code: VaultAlarmView['code'], message: string) => [{ code, message, stopsWrites: false }];
    if (kept?.shrunk !== undefined)
      return alarm('facts-shrunk', words.shrunkAlarm(feed.name, kept.shrunk.from, kept.shrunk.to));
    if (kept?.isDamaged === true || kept?.problem !== undefined)
      return alarm('facts-problem', words.problemAlarm(feed.name, problemOf(kept) ?? words.damaged));
    if (!isStale(feed, keeper.manifest(), nowMs) || keeper.isUpdating(feed.name)) return [];
    return alarm(
      'facts-stale',
      kept?.fetchedAtMs === undefined
        ? words.neverAlarm(feed.name)
        : words.staleAlarm(feed.name, feed.staleAfterHours),
    );
  });
}
