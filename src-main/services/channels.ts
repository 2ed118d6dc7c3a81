import type { Handlers } from '../../shared/contract/types.ts';
import type { ChannelView } from '../../shared/contract/channel-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { BundleUpstream } from '../../shared/model/bundle.ts';
import type { Channel, Upstream } from '../../shared/model/domain.ts';
import { subdirAtStart } from '../../shared/model/conda-names.ts';
import type { ChannelId } from '../../shared/model/ids.ts';
import { channelId } from '../../shared/model/ids.ts';
import type { LaunchGateway } from '../gateway/protocol.ts';
import type { NetworkConfig } from '../network/network-config.ts';
import { resolveHosts } from '../network/resolve-hosts.ts';
import type { EventOf } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { ChannelSources } from './channel-sources.ts';
import { openCredentials } from './channel-sources.ts';
import { requireEntry, requireFreeName, requireUnused } from './checks.ts';
import { testConnection } from './connection-test.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';
import type { FolderMap } from './folder-map.ts';
import { requireFolder } from './local-folder.ts';
import { channelUsers } from './removals.ts';
import { settledDraft } from './upstream-draft.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.channels.problems;

type Draft = Parameters<Handlers['channels']['create']>[0];
type ToTry =
  | { readonly upstream: BundleUpstream; readonly why?: undefined }
  | { readonly upstream?: undefined; readonly why: string };
type Parts = {
  readonly folders: FolderMap;
  readonly sources: ChannelSources;
  readonly gatewayUrl: () => string;
  readonly launch: LaunchGateway;
  readonly network: () => NetworkConfig;
  /** Ports of Latchkey on this computer. */
  readonly ownPorts: () => readonly number[];
};

/** Channels: sources of packages, with the credentials for their upstreams sealed in the vault. */
export function channelsService(context: Context, parts: Parts): Handlers['channels'] {
  const { folders, sources, gatewayUrl } = parts;
  const { now } = context;

  const view = (channel: Channel): Promise<ChannelView> => viewer()(channel);
  const viewer = (): ((channel: Channel) => Promise<ChannelView>) => {
    const live = context.indexes().liveTokens('channel', context.now());
    return (channel) => viewWith(channel, live(channel.id));
  };

  const viewWith = async (channel: Channel, activeTokens: number): Promise<ChannelView> => {
    const { sealedCredentials, ...open } = channel;
    const { upstream, problem } = await sources.of(context.vault(), channel);
    return {
      ...open,
      hasCredentials: sealedCredentials !== undefined,
      ...(upstream?.type === 'folder' ? { folderPath: upstream.path } : {}),
      ...(problem === undefined ? {} : { problem }),
      activeTokens,
      gatewayUrl: `${gatewayUrl()}/${channel.kind}/${channel.name}/${channel.kind === 'pypi' ? 'simple/' : ''}`,
    };
  };

  /** Sealed for this channel and this origin: the text opens nowhere else. */
  const sealedAnew = async (id: ChannelId, draft: Draft): Promise<string | undefined> => {
    if (draft.credentials.action !== 'set') return undefined;
    if (draft.upstream.type === 'folder') {
      throw new LatchkeyError('INVALID_INPUT', ['folderNeedsNoCredentials']);
    }
    const place = { subject: id, origin: new URL(draft.upstream.url).origin };
    return context.vault().sealSecret(JSON.stringify(draft.credentials.credentials), place);
  };

  /** Maps a folder that the draft brings while `work` runs; a refusal puts the old one back. */
  const withFolder = async <T>({ upstream }: Draft, work: () => Promise<T>): Promise<T> => {
    if (upstream.type === 'url' || upstream.path === undefined) return work();
    await requireFolder(upstream.path);
    const before = folders.pathOf(upstream.label);
    if (before === upstream.path) return work();
    folders.map(upstream.label, upstream.path);
    try {
      return await work();
    } catch (error) {
      if (before === undefined) folders.unmap(upstream.label);
      else folders.map(upstream.label, before);
      throw error;
    }
  };

  /** What the draft's channel would be served from, or why nothing can be tried. */
  const upstreamToTry = async (id: ChannelId | undefined, draft: Draft): Promise<ToTry> => {
    const { upstream, credentials } = draft;
    if (upstream.type === 'folder') {
      const path = upstream.path ?? folders.pathOf(upstream.label);
      return path === undefined
        ? { why: words.folderUnset(upstream.label) }
        : { upstream: { type: 'folder', path } };
    }
    const { privateHosts } = draft;
    const open = { ...upstream, ...(privateHosts.length === 0 ? {} : { privateHosts }) };
    if (credentials.action === 'set') return { upstream: { ...open, credentials: credentials.credentials } };
    const vault = context.vault();
    const stored = id === undefined ? undefined : requireEntry(vault.state().channels, id, 'channel');
    if (credentials.action === 'remove' || stored === undefined || !isSameOrigin(stored.upstream, upstream))
      return { upstream: open };
    const opened = await openCredentials(vault, stored);
    if (!opened.ok) return { why: words.credentialsClosed };
    return {
      upstream: { ...open, ...(opened.credentials === undefined ? {} : { credentials: opened.credentials }) },
    };
  };

  return {
    list: async () =>
      Promise.all(
        [...context.vault().state().channels.values()]
          .toSorted((a, b) => a.name.localeCompare(b.name))
          .map(viewer()),
      ),

    create: async (given) => {
      const draft = settledDraft(given);
      const id = channelId.parse(newId(context));
      const { state } = await withFolder(draft, async () => {
        const sealed = await sealedAnew(id, draft);
        return context.commit((before) => {
          requireFits(before, draft, undefined);
          const channel = storedOf(id, draft, sealed);
          return { events: [{ type: 'channel.created', channel }], result: undefined };
        });
      });
      return view(requireEntry(state.channels, id, 'channel'));
    },

    update: async ({ id, ...given }) => {
      const draft = settledDraft(given);
      const { state } = await withFolder(draft, async () => {
        const sealed = await sealedAnew(id, draft);
        return context.commit((before) => {
          const old = requireEntry(before.channels, id, 'channel');
          requireFits(before, draft, old);
          const kept = draft.credentials.action === 'keep' ? credentialsKept(old, draft) : sealed;
          return {
            events: [{ type: 'channel.changed', channel: storedOf(id, draft, kept) }],
            result: undefined,
          };
        });
      });
      return view(requireEntry(state.channels, id, 'channel'));
    },

    remove: async ({ id }) => {
      await context.commit((state, { atMs }) => {
        requireEntry(state.channels, id, 'channel');
        requireUnused('channel', id, channelUsers(state, id, atMs));
        return { events: [{ type: 'channel.removed', channelId: id }], result: undefined };
      });
      return {};
    },

    testConnection: async ({ id, lookFor, ...given }) => {
      const draft = settledDraft(given);
      const { kind } = draft;
      const found = await upstreamToTry(id, draft);
      if (found.upstream === undefined) return { ok: false, message: found.why, durationMs: 0, steps: [] };
      const order = {
        kind,
        upstream: found.upstream,
        ...(lookFor === undefined ? {} : { name: lookFor }),
        network: parts.network(),
        ownPorts: parts.ownPorts(),
      };
      return testConnection(parts.launch, order, now);
    },

    resolveHosts: async ({ privateHosts }) =>
      (await resolveHosts(privateHosts)).map(({ addresses, ...host }) => ({
        ...host,
        addresses: [...addresses],
      })),
  };
}

/** @throws LatchkeyError NAME_TAKEN, NOT_FOUND, INVALID_INPUT */
function requireFits(state: OrganizationState, draft: Draft, before: Channel | undefined): void {
  requireFreeName(state.channels.values(), draft.name, before?.id, 'channel');
  for (const id of draft.environmentIds) requireEntry(state.environments, id, 'environment');
  if (before !== undefined && before.kind !== draft.kind) {
    throw new LatchkeyError('INVALID_INPUT', ['channelKindFixed']);
  }
  // A name that the channel has already stays: taking it away is its owner's decision, not that of an edit of the note.
  const subdir = draft.kind === 'conda' && before?.name !== draft.name && subdirAtStart(draft.name);
  if (typeof subdir === 'string') {
    throw new LatchkeyError('INVALID_INPUT', ['condaName', draft.name, subdir], {
      details: { channel: draft.name },
    });
  }
}

function storedOf(
  id: ChannelId,
  draft: Draft,
  sealedCredentials: string | undefined,
): EventOf<'channel.created'>['channel'] {
  const { upstream } = draft;
  return {
    id,
    name: draft.name,
    kind: draft.kind,
    upstream: upstream.type === 'url' ? upstream : { type: 'folder', label: upstream.label },
    environmentIds: [...new Set(draft.environmentIds)],
    note: draft.note,
    ...(sealedCredentials === undefined ? {} : { sealedCredentials }),
    ...(draft.privateHosts.length === 0 ? {} : { privateHosts: draft.privateHosts }),
  };
}

/** Stored credentials stay with the host they were given for: a changed URL must not carry them elsewhere. */
function credentialsKept(before: Channel, draft: Draft): string | undefined {
  if (before.sealedCredentials === undefined || isSameOrigin(before.upstream, draft.upstream))
    return before.sealedCredentials;
  throw new LatchkeyError('INVALID_INPUT', ['credentialsElsewhere']);
}

function isSameOrigin(a: Upstream, b: Draft['upstream']): boolean {
  return a.type === 'url' && b.type === 'url' && new URL(a.url).origin === new URL(b.url).origin;
}
