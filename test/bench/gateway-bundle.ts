/** What the gateway of a bench enforces: one token for all its channels. */
import { createHash } from 'node:crypto';
import type { BundleChannel, BundleToken, LogRecipient } from '../../shared/model/bundle.ts';
import type { ChannelId, EnvironmentId, TeamId, TokenId } from '../../shared/model/ids.ts';
import { defaultRetention } from '../../shared/model/log-keeping.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { FactsFile } from '../../src-main/curation/knowledge-data.ts';
import { tokenDigest } from '../../src-main/tokens/format.ts';

export type GatewaySetup = {
  readonly token: string;
  readonly policies?: readonly Policy[];
  /** Further tokens, which nobody uses. */
  readonly otherTokens?: number;
  readonly channels: readonly { name: string; kind: 'conda' | 'pypi'; folder?: string; url?: string }[];
  readonly facts?: FactsFile;
  /** To whom the request log is sealed. */
  readonly logRecipients?: readonly LogRecipient[];
};

let loads = 0;

export function bundleOf(setup: GatewaySetup, policies: readonly Policy[] = setup.policies ?? []) {
  const environmentId = 'env' as EnvironmentId;
  const channels = setup.channels.map(({ name, kind, folder, url }): BundleChannel => ({
    id: name as ChannelId,
    name,
    kind,
    environmentIds: [environmentId],
    upstream:
      folder === undefined
        ? { type: 'url', url: url ?? '', privateHosts: ['127.0.0.0/8'] }
        : { type: 'folder', path: folder },
  }));
  const token: BundleToken = {
    id: setup.token.slice(3, 11) as TokenId,
    digest: tokenDigest(setup.token),
    teamId: 'team' as TeamId,
    environmentId,
    channelIds: channels.map((channel) => channel.id),
    expiresAtMs: Date.now() + 86_400_000,
    networks: ['127.0.0.0/8'],
  };
  const others = Array.from({ length: setup.otherTokens ?? 0 }, (_, index): BundleToken => {
    const id = `T${String(index).padStart(7, '0')}` as TokenId;
    return { ...token, id, digest: createHash('sha256').update(id).digest('hex') };
  });
  loads += 1;
  const head = { number: loads, seq: loads, organizationName: 'bench', madeAtMs: Date.now(), teams: [] };
  return {
    ...head,
    environments: [],
    channels,
    policies,
    curation: {},
    logKeeping: { retention: defaultRetention, recipients: setup.logRecipients ?? [] },
    tokens: [token, ...others],
  };
}
