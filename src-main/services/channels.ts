import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { ChannelView } from '../../shared/contract/views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Channel, Upstream, UpstreamCredentials } from '../../shared/model/domain.ts';
import { upstreamCredentials } from '../../shared/model/domain.ts';
import { channelId } from '../../shared/model/ids.ts';
import type { VaultState } from '../../shared/model/state.ts';
import type { Vault } from '../vault/vault.ts';
import { mustBeFree, mustBeUnused, mustFind, validTokensThat } from './checks.ts';
import { testConnection } from './connection-test.ts';
import type { Context } from './context.ts';
import { countTokensBy, newId } from './context.ts';

type Draft = Parameters<Handlers['channels']['create']>[0];

/** Opens a channel's stored credentials; undefined when it has none. */
export async function openCredentials(
  vault: Vault,
  channel: Channel,
): Promise<UpstreamCredentials | undefined> {
  if (channel.sealedCredentials === undefined) return undefined;
  return upstreamCredentials.parse(JSON.parse(await vault.unsealSecret(channel.sealedCredentials)));
}

/** Channels: sources of packages, with the credentials for their upstreams sealed in the vault. */
export function channelsService(context: Context, gatewayUrl: () => string): Handlers['channels'] {
  const view = (state: VaultState, channel: Channel): ChannelView => {
    const { sealedCredentials, ...open } = channel;
    return {
      ...open,
      hasCredentials: sealedCredentials !== undefined,
      activeTokens: countTokensBy(state, context.now(), (token) => token.channelIds).get(channel.id) ?? 0,
      gatewayUrl: `${gatewayUrl()}/${channel.kind}/${channel.name}/${channel.kind === 'pypi' ? 'simple/' : ''}`,
    };
  };

  const sealedOf = async (draft: Draft, before: Channel | undefined): Promise<string | undefined> => {
    switch (draft.credentials.action) {
      case 'keep':
        // Stored credentials stay with the host they were given for: a changed URL must not carry them elsewhere.
        if (before?.sealedCredentials !== undefined && !sameOrigin(before.upstream, draft.upstream)) {
          throw new LatchkeyError(
            'INVALID_INPUT',
            'The upstream is on another host now. Enter its credentials again, or remove the stored ones.',
          );
        }
        return before?.sealedCredentials;
      case 'remove':
        return undefined;
      case 'set':
        if (draft.upstream.type === 'folder') {
          throw new LatchkeyError('INVALID_INPUT', 'A local folder needs no credentials. Remove them.');
        }
        return context.vault().sealSecret(JSON.stringify(draft.credentials.credentials));
    }
  };

  const build = (
    draft: Draft,
    base: Pick<Channel, 'id' | 'createdAtMs'>,
    sealed: string | undefined,
  ): Channel => ({
    ...base,
    name: draft.name,
    kind: draft.kind,
    upstream: draft.upstream,
    environmentIds: [...new Set(draft.environmentIds)],
    note: draft.note,
    ...(sealed === undefined ? {} : { sealedCredentials: sealed }),
  });

  return {
    list: async () => {
      const state = context.vault().state();
      return [...state.channels.values()]
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map((channel) => view(state, channel));
    },

    create: async (draft) => {
      await mustBeUsable(draft.upstream);
      const sealed = await sealedOf(draft, undefined);
      const channel = build(
        draft,
        { id: channelId.parse(newId(context)), createdAtMs: context.now() },
        sealed,
      );
      await context.vault().transact((state) => {
        mustBeFree(state.channels.values(), draft.name, undefined, 'channel');
        for (const id of draft.environmentIds) mustFind(state.environments, id, 'environment');
        return { events: [{ type: 'channel.created', atMs: context.now(), channel }], result: undefined };
      });
      await context.syncGateway();
      return view(context.vault().state(), channel);
    },

    update: async ({ id, ...draft }) => {
      await mustBeUsable(draft.upstream);
      const sealed = await sealedOf(draft, mustFind(context.vault().state().channels, id, 'channel'));
      const channel = await context.vault().transact((state) => {
        const before = mustFind(state.channels, id, 'channel');
        mustBeFree(state.channels.values(), draft.name, id, 'channel');
        for (const entry of draft.environmentIds) mustFind(state.environments, entry, 'environment');
        const after = build(draft, { id, createdAtMs: before.createdAtMs }, sealed);
        return { events: [{ type: 'channel.changed', atMs: context.now(), channel: after }], result: after };
      });
      await context.syncGateway();
      return view(context.vault().state(), channel);
    },

    remove: async ({ id }) => {
      await context.vault().transact((state) => {
        mustFind(state.channels, id, 'channel');
        mustBeUnused(
          'channel',
          id,
          validTokensThat((token) => token.channelIds.includes(id), state, context.now()),
        );
        return {
          events: [{ type: 'channel.removed', atMs: context.now(), channelId: id }],
          result: undefined,
        };
      });
      await context.syncGateway();
      return {};
    },

    testConnection: async ({ id, ...draft }) => {
      const vault = context.vault();
      const stored = id === undefined ? undefined : mustFind(vault.state().channels, id, 'channel');
      const mayUseStored = stored !== undefined && sameOrigin(stored.upstream, draft.upstream);
      const credentials =
        draft.credentials.action === 'set'
          ? draft.credentials.credentials
          : draft.credentials.action === 'keep' && mayUseStored
            ? await openCredentials(vault, stored)
            : undefined;
      return testConnection(draft.kind, draft.upstream, credentials, context);
    },
  };
}

function sameOrigin(a: Upstream, b: Upstream): boolean {
  return a.type === 'url' && b.type === 'url' && new URL(a.url).origin === new URL(b.url).origin;
}

/** A folder must be there when it is entered; an URL may be away for a moment ("Test connection" says so). */
async function mustBeUsable(upstream: Upstream): Promise<void> {
  if (upstream.type === 'url') return;
  if (!isAbsolute(upstream.path)) {
    throw new LatchkeyError('INVALID_INPUT', 'Give the folder with its whole path, starting at the root.');
  }
  const found = await stat(upstream.path).catch((cause: unknown) => {
    throw new LatchkeyError(
      'INVALID_INPUT',
      `The folder ${upstream.path} cannot be read. Check that it exists.`,
      {
        cause,
      },
    );
  });
  if (!found.isDirectory()) {
    throw new LatchkeyError('INVALID_INPUT', `${upstream.path} is not a folder.`);
  }
}
