/**
 * Channels: sources of packages. Invariant: stored credentials are sealed for this channel and this origin; pointing the
 * channel elsewhere needs them entered again. A folder is a label: no log makes another computer serve a local path. What
 * of the local network a channel may reach stands in it, signed by an admin, and no conda token stands in its URL.
 */
import { z } from 'zod';
import { readsAsPlatform } from './conda-platforms.ts';
import { requireEntry, requireFreeName, requireNewId, requireNoLiveToken } from './checks.ts';
import { eventKind, UnfitEvent } from './event-kind.ts';
import { channelsOf } from './policy-rules.ts';
import { requireSealedFor } from './sealed-credentials.ts';
import type { OrganizationState } from './state.ts';
import {
  channelId,
  environmentId,
  idsOf,
  storedHttpUrl,
  storedNote,
  storedPrivateHosts,
  storedSlug,
} from './stored.ts';
import { isPrivateHostSpelling } from '../network/private-hosts.ts';
import { tokenInPath } from '../network/token-in-path.ts';
import type { LineContext } from '../vault/domain.ts';

const upstream = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('url'), url: storedHttpUrl }),
  z.strictObject({ type: z.literal('folder'), label: storedSlug }),
]);
const channel = z.strictObject({
  id: channelId,
  name: storedSlug,
  kind: z.enum(['conda', 'pypi']),
  upstream,
  /** In which environments it may be used; none means in none. */
  environmentIds: idsOf(environmentId, 0),
  note: storedNote,
  sealedCredentials: z.string().max(40_000).optional(),
  /** What of the local network its upstream, and whatever that redirects to, may be; absent for nothing. */
  privateHosts: storedPrivateHosts.optional(),
});
type StoredChannel = z.infer<typeof channel>;

export const channelEvents = {
  'channel.created': eventKind({
    schema: z.strictObject({ type: z.literal('channel.created'), channel }),
    right: 'admin',
    apply: (before, event, line) => {
      requireNewId(before.channels, event.channel.id, 'channel');
      return put(before, event.channel, line.atMs, line);
    },
  }),
  'channel.changed': eventKind({
    schema: z.strictObject({ type: z.literal('channel.changed'), channel }),
    right: 'admin',
    apply: (before, event, line) => {
      const { createdAtMs, kind } = requireEntry(before.channels, event.channel.id, 'channel');
      if (kind !== event.channel.kind) throw new UnfitEvent('the kind of a channel cannot change');
      return put(before, event.channel, createdAtMs, line);
    },
  }),
  'channel.removed': eventKind({
    schema: z.strictObject({ type: z.literal('channel.removed'), channelId }),
    right: 'admin',
    clear: (_before, { channelId: id }) => ({ denies: { channels: [id] } }),
    apply: (before, { channelId: id }, line) => {
      requireEntry(before.channels, id, 'channel');
      requireNoLiveToken(before, line, (token) => token.channelIds.includes(id), 'channel');
      for (const policy of before.policies.values()) {
        if (policy.rules.some((rule) => channelsOf(rule).includes(id)))
          throw new UnfitEvent(`policy "${policy.name}" still names the channel`);
      }
      return { ...before, channels: before.channels.delete(id) };
    },
  }),
} as const;

function put(
  before: OrganizationState,
  { sealedCredentials, ...open }: StoredChannel,
  createdAtMs: number,
  line: LineContext,
): OrganizationState {
  requireFreeName(before.channels, open.name, open.id, 'channel');
  // "t" stands before a token in conda's URLs.
  if (open.name === 't') throw new UnfitEvent('a channel cannot be named "t"');
  if (open.kind === 'conda' && readsAsPlatform(open.name)) {
    throw new UnfitEvent(`conda reads a platform in the name "${open.name}"`);
  }
  for (const id of open.environmentIds) requireEntry(before.environments, id, 'environment');
  if (open.upstream.type === 'url') requireUpstreamUrl(open.upstream.url);
  if (sealedCredentials !== undefined) requireSealedFor(sealedCredentials, open, line);
  if (open.privateHosts !== undefined) requirePrivateHosts(open.privateHosts, open.upstream.type);
  const channelAfter = {
    ...open,
    createdAtMs,
    ...(sealedCredentials === undefined ? {} : { sealedCredentials }),
  };
  return { ...before, channels: before.channels.set(open.id, channelAfter) };
}

/** @throws UnfitEvent unless it is http or https, without user, password, query or fragment */
function requireUpstreamUrl(text: string): void {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UnfitEvent('the upstream is not a URL');
  }
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (tokenInPath(url.pathname) !== undefined) throw new UnfitEvent('a token stands in the upstream’s path');
  if (!['http:', 'https:'].includes(url.protocol) || url.hostname === '' || !isPlain) {
    throw new UnfitEvent(
      'the upstream is not an http:// or https:// URL without credentials, query and fragment',
    );
  }
}

/** @throws UnfitEvent */
function requirePrivateHosts(hosts: readonly string[], upstreamType: 'url' | 'folder'): void {
  if (upstreamType === 'folder') throw new UnfitEvent('a folder reaches no hosts');
  if (!hosts.every(isPrivateHostSpelling)) throw new UnfitEvent('a private host is not in its one spelling');
}
