/** Packages, and what policies say to them: asked of the running gateway, which has the indexes. */
import type { PackageExplanation } from '../../shared/contract/package-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { ChannelId } from '../../shared/model/ids.ts';
import type { Ecosystem } from '../../shared/model/packages.ts';
import { ecosystem as ecosystems, packageName } from '../../shared/model/packages.ts';
import { texts } from '../../shared/texts/texts.ts';
import type { ExplainScope } from '../gateway/explain.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { Verdict } from '../policy/packages/judge.ts';
import type { AdvisoryEntry } from './advisory-list.ts';
import { requireEntry } from './checks.ts';
import type { Reason } from '../../shared/model/decision.ts';
import { endOf } from '../gateway/spoken-book.ts';
import type { Waiting } from '../gateway/waiting.ts';
import type { Context } from './context.ts';
import type { GatewayService } from './gateway.ts';
import type { GatewayPackages } from './gateway-process.ts';
import { namesLike } from './package-names.ts';
import type { PackageInUse } from './packages-in-use.ts';

type VerdictView = PackageExplanation['channels'][number]['files'][number]['verdicts'][number]['verdict'];
/** Pairs of team and environment in one answer: as many as fit on a screen many times over. */
const maxScopes = 200;

/** In one answer: whoever looks for something else writes more of its name. */
const mostHits = 50;
const keyOf = ({ ecosystem, name }: { readonly ecosystem: Ecosystem; readonly name: string }): string =>
  `${ecosystem} ${name}`;
/** Versions of a list on one screen; the rest is counted. */
const maxListed = 500;
/** Denied versions of one answer, over all its scopes. */
const maxDenied = 1000;

/**
 * @param sources the gateway, and names that are known here
 */
export function packagesService(
  context: Context,
  sources: {
    /** Undefined while none runs. */
    readonly running: () => GatewayPackages | undefined;
    /** Asks the one that runs, else one that is made for this question. */
    readonly ask: GatewayService['ask'];
    readonly advisories: () => Promise<readonly AdvisoryEntry[]>;
    readonly inUse: () => readonly PackageInUse[];
  },
): Handlers['packages'] {
  const gateway = (): GatewayPackages => {
    const running = sources.running();
    if (running !== undefined) return running;
    const details = { host: '', port: 0 };
    throw new LatchkeyError('GATEWAY_NOT_RUNNING', ['gatewayForPackages'], { details });
  };
  /** Nothing while no gateway runs: names are found all the same. */
  const inChannels = async (state: OrganizationState, wanted: Readonly<Record<Ecosystem, string>>) => {
    const hits = await Promise.all(
      ecosystems.options.map(async (ecosystem) => {
        const name = wanted[ecosystem];
        const channelIds = channelsOf(state, ecosystem);
        if (!packageName.safeParse(name).success || channelIds.length === 0) return [];
        const answer = await sources.running()?.explain({ ecosystem, name, channelIds, scopes: [] });
        const having = answer?.channels.filter(({ files }) => files.length > 0) ?? [];
        const newest = answer?.versions[0];
        const channels = having.flatMap(({ channelId }) => state.channels.get(channelId)?.name ?? []);
        return newest === undefined ? [] : [{ ecosystem, name, channels, newest }];
      }),
    );
    return hits.flat();
  };
  /** By their keys: names that channels' indexes have, as far as the gateway has those in memory. */
  const loadedNames = async (state: OrganizationState, wanted: Readonly<Record<Ecosystem, string>>) => {
    const found = new Map<string, { ecosystem: Ecosystem; name: string; channels: string[] }>();
    const channelIds = [...state.channels.keys()];
    const answer = await sources.running()?.names({ channelIds, wanted, limit: mostHits });
    for (const { channelId, names } of answer ?? []) {
      const channel = state.channels.get(channelId);
      if (channel === undefined) continue;
      for (const name of names) {
        if (!packageName.safeParse(name).success) continue;
        const hit = { ecosystem: channel.kind, name };
        const known = found.get(keyOf(hit));
        if (known === undefined) found.set(keyOf(hit), { ...hit, channels: [channel.name] });
        else known.channels.push(channel.name);
      }
    }
    return found;
  };
  return {
    search: async ({ text }) => {
      const state = context.vault().state();
      const wanted = { conda: normalized('conda', text), pypi: normalized('pypi', text) };
      const [exact, advisories] = await Promise.all([inChannels(state, wanted), sources.advisories()]);
      // After the exact look, which brings indexes in.
      const inIndexes = await loadedNames(state, wanted);
      const known = namesLike(wanted, { state, advisories, inUse: sources.inUse(), inIndexes }, mostHits);
      const asked = new Set(exact.map(keyOf));
      // What the channels have under the whole name is looked up; of the others, what is in memory.
      return [
        ...exact,
        ...known
          .filter((one) => !asked.has(keyOf(one)))
          .map((one) => ({ ...one, channels: [...(inIndexes.get(keyOf(one))?.channels ?? [])] })),
      ].slice(0, mostHits);
    },

    explain: async ({ ecosystem, name: text, version, channelId, teamId, environmentId }) => {
      const state = context.vault().state();
      if (channelId !== undefined) requireEntry(state.channels, channelId, 'channel');
      if (teamId !== undefined) requireEntry(state.teams, teamId, 'team');
      if (environmentId !== undefined) requireEntry(state.environments, environmentId, 'environment');
      const name = normalized(ecosystem, text);
      const scopes: ExplainScope[] = [];
      for (const team of teamId === undefined ? state.teams.keys() : [teamId]) {
        for (const environment of environmentId === undefined ? state.environments.keys() : [environmentId])
          if (scopes.length < maxScopes) scopes.push({ teamId: team, environmentId: environment });
      }
      const channelIds = channelId === undefined ? channelsOf(state, ecosystem) : [channelId];
      const question = { ecosystem, name, version, channelIds, scopes };
      const answer = await sources.ask((packages) => packages.explain(question));
      return {
        ecosystem,
        name,
        version: answer.version ?? version ?? '',
        versions: [...answer.versions],
        advisories: answer.advisories.map((advisory) => ({ ...advisory, ids: [...advisory.ids] })),
        labels: [...answer.labels],
        nearestAllowed: scopes.map((scope, index) => {
          const nearest = answer.nearestAllowed[index];
          return nearest === undefined ? scope : { ...scope, version: nearest };
        }),
        denied: scopes
          .flatMap((scope, index) =>
            (answer.denied[index] ?? []).map(({ version: denied, verdict }) => {
              const [reason] = verdict.reasons;
              return {
                version: denied,
                ...scope,
                isHidden: verdict.style === 'hide',
                policyName: reason?.policyName ?? '',
                says: reason === undefined ? '' : texts.reasons.of(reason),
                ...changeOf(verdict),
              };
            }),
          )
          .slice(0, maxDenied),
        channels: answer.channels
          .filter(({ files }) => files.length > 0)
          .map(({ channelId: id, files }) => ({
            channelId: id,
            channelName: state.channels.get(id)?.name ?? '',
            files: files.map(({ facts, verdicts }) => ({
              filename: facts.filename,
              ...(facts.license === undefined ? {} : { license: facts.license }),
              ...(facts.publishedAtMs === undefined ? {} : { publishedAtMs: facts.publishedAtMs }),
              ...(facts.yanked === undefined ? {} : { yanked: facts.yanked }),
              verdicts: scopes.flatMap((scope, index) => {
                const verdict = verdicts[index];
                return verdict === undefined ? [] : [{ ...scope, verdict: verdictView(verdict) }];
              }),
            })),
          })),
      };
    },

    decision: async ({ id }) => {
      const found = await gateway().decision(decisionIdOf(id));
      if (found === undefined) return {};
      const { reasons, nearestAllowed, ...decision } = found;
      const near = nearestAllowed === undefined ? {} : { nearestAllowed };
      return { decision: { ...decision, ...near, reasons: reasons.map(reasonView) } };
    },

    hidden: async ({ channelId, teamId, environmentId, name: text }) => {
      const state = context.vault().state();
      const { kind } = requireEntry(state.channels, channelId, 'channel');
      requireEntry(state.teams, teamId, 'team');
      requireEntry(state.environments, environmentId, 'environment');
      const name = text === undefined ? undefined : normalized(kind, text);
      const where = { channelId, teamId, environmentId };
      const { versions, total } = await sources.ask((packages) =>
        packages.hidden({ ...where, name, limit: maxListed }),
      );
      return {
        total,
        versions: versions.map((one) => ({ ...one, reasons: one.reasons.map(reasonView) })),
      };
    },

    releases: async () => {
      const { upcoming, upcomingTotal, released } = await gateway().releases(maxListed);
      const { channels } = context.vault().state();
      const view = ({ channelId, name, version, reason, atMs }: Waiting) => ({
        channelId,
        channelName: channels.get(channelId)?.name ?? '',
        name,
        version,
        policyName: reason.policyName ?? '',
        says: texts.reasons.of(reason),
        ...(atMs === undefined ? {} : { atMs }),
      });
      return { upcoming: upcoming.map(view), upcomingTotal, released: released.map(view) };
    },
  };
}

/** `[0123456789]`, as it stands in a reason phrase, or the address of a page about it. */
const decisionIdOf = (text: string): string =>
  (
    text
      .replaceAll(/[[\]\s]/g, '')
      .split('/')
      .at(-1) ?? ''
  ).toLowerCase();

const verdictView = (verdict: Verdict): VerdictView => ({
  effect: verdict.effect,
  style: verdict.style,
  reasons: verdict.reasons.map(reasonView),
  ...changeOf(verdict),
});

/** A denial ends when all of its reasons have ended: that one of several ends lets nobody have the package. */
export function changeOf(
  verdict: Pick<Verdict, 'effect' | 'reasons' | 'changesAtMs'>,
): Pick<VerdictView, 'changesAtMs'> {
  const atMs = verdict.effect === 'deny' ? endOf(verdict)?.atMs : verdict.changesAtMs;
  return atMs === undefined ? {} : { changesAtMs: atMs };
}

const reasonView = (reason: Reason): VerdictView['reasons'][number] => ({
  policyName: reason.policyName ?? '',
  ruleNo: reason.ruleNo ?? 0,
  mode: reason.mode ?? 'enforce',
  rule: reason.rule,
  evidence: { ...reason.evidence },
  says: texts.reasons.of(reason),
});

const channelsOf = (state: OrganizationState, ecosystem: Ecosystem): ChannelId[] =>
  [...state.channels.values()].filter(({ kind }) => kind === ecosystem).map(({ id }) => id);

/** PEP 503; CEP 26. */
const normalized = (ecosystem: Ecosystem, name: string): string =>
  ecosystem === 'conda' ? name.toLowerCase() : name.replaceAll(/[-_.]+/g, '-').toLowerCase();
