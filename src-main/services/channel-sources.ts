/**
 * What a channel is on this computer: its upstream with opened credentials or a mapped folder, or why it cannot be
 * served. For the list of channels and for the gateway's bundle alike. Invariant: a channel that is broken never breaks
 * anything else; opened credentials are forgotten with the lock.
 */
import type { ChannelProblem } from '../../shared/contract/channel-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { BundleUpstream } from '../../shared/model/bundle.ts';
import type { Channel, UpstreamCredentials } from '../../shared/model/domain.ts';
import { upstreamCredentials } from '../../shared/model/domain.ts';
import type { FolderMap } from './folder-map.ts';
import type { OrganizationVault } from './organization-vault.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.channels.problems;

export type ChannelSource =
  | { readonly upstream: BundleUpstream; readonly problem?: never }
  | { readonly upstream?: never; readonly problem: ChannelProblem };

type Opened = { readonly ok: true; readonly credentials?: UpstreamCredentials } | { readonly ok: false };
type Unsealer = Pick<OrganizationVault, 'unsealSecret'>;

export interface ChannelSources {
  of(vault: Unsealer, channel: Channel): Promise<ChannelSource>;
  /** A label means another folder now: sources of folder channels changed. @returns the function that ends it */
  onChange(listener: () => void): () => void;
  /** The vault was locked. */
  forget(): void;
}

/** Opens each sealed text once; what did not open is tried again, as keys may come. */
export function channelSources(folders: FolderMap): ChannelSources {
  let opened = new Map<string, Promise<Opened>>();

  const open = (vault: Unsealer, channel: Channel): Promise<Opened> => {
    const { sealedCredentials } = channel;
    if (sealedCredentials === undefined) return Promise.resolve({ ok: true });
    const known = opened.get(sealedCredentials) ?? openCredentials(vault, channel);
    opened.set(sealedCredentials, known);
    const forget = () => opened.delete(sealedCredentials);
    known.then(({ ok }) => ok || forget(), forget);
    return known;
  };

  return {
    of: async (vault, channel) => {
      if (channel.upstream.type === 'folder') {
        const { label } = channel.upstream;
        const path = folders.pathOf(label);
        return path === undefined
          ? { problem: { code: 'folder-unmapped', message: unmapped(label) } }
          : { upstream: { type: 'folder', path } };
      }
      const found = await open(vault, channel);
      if (!found.ok) return { problem: { code: 'credentials', message: broken } };
      const { credentials } = found;
      const { privateHosts } = channel;
      return {
        upstream: {
          ...channel.upstream,
          ...(credentials === undefined ? {} : { credentials }),
          ...(privateHosts === undefined ? {} : { privateHosts }),
        },
      };
    },
    onChange: (listener) => folders.onChange(listener),
    forget: () => {
      opened = new Map();
    },
  };
}

const broken = words.credentialsOfUpstream;
const unmapped = (label: string) => words.folderUnknown(label);

/**
 * A channel's stored credentials. What does not open (another key, damage, this operator has no right to it) is an
 * answer, not an error.
 */
export async function openCredentials(vault: Unsealer, channel: Channel): Promise<Opened> {
  const { sealedCredentials, upstream } = channel;
  if (sealedCredentials === undefined || upstream.type !== 'url') return { ok: true };
  try {
    const place = { subject: channel.id, origin: new URL(upstream.url).origin };
    const parsed: unknown = JSON.parse(await vault.unsealSecret(sealedCredentials, place));
    const credentials = upstreamCredentials.safeParse(parsed);
    return credentials.success ? { ok: true, credentials: credentials.data } : { ok: false };
  } catch (error) {
    if (error instanceof LatchkeyError || error instanceof SyntaxError) return { ok: false };
    throw error;
  }
}
