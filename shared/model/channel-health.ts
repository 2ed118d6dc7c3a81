/** What a gateway found out about a channel's upstream while it served from it. */
import type { ChannelId } from './ids.ts';

/** Why a link on an upstream's page is not followed. */
export type DropCause =
  /** Not text that is a URL, or longer than any. */
  | 'unreadable'
  /** A scheme other than http and https. */
  | 'scheme'
  /** User info in it. */
  | 'credentials'
  /** http on a page that came by https. */
  | 'insecure'
  /** This computer, named by a page of another one. */
  | 'this-computer'
  /** A host that the channel's index may not point to. */
  | 'host'
  /** A file name that is none, or another project's. */
  | 'project'
  /** An entry that is not what the format says. */
  | 'malformed'
  /** In a conda index: a key that leads a client elsewhere. */
  | 'redirecting-key';

export type ChannelHealth = {
  readonly channelId: ChannelId;
  /** When the upstream was asked last. */
  readonly checkedAtMs: number;
  /** The last answer that was no usable one; gone with the next good one. */
  readonly problem?: { readonly reason: string; readonly sinceMs: number };
  /** The last good index is served in place of what the upstream does not give, since then. */
  readonly staleSinceMs?: number;
  /** Of the documents that are in memory. */
  readonly dropped: Readonly<Partial<Record<DropCause, number>>>;
};
