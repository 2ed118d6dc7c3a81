/** Channels as they are shown and drafted, their trial, and the folders of this computer. */
import { z } from 'zod';
import { channel, channelName, httpUrl, limits, note, slug, upstreamCredentials } from '../model/domain.ts';
import { environmentId } from '../model/ids.ts';
import { count } from './atoms.ts';

/** Why the gateway cannot serve a channel on this computer. */
export const channelProblem = z.object({
  code: z.enum(['credentials', 'folder-unmapped']),
  message: z.string(),
});
export type ChannelProblem = Readonly<z.infer<typeof channelProblem>>;

export const channelView = channel.unwrap().omit({ sealedCredentials: true }).extend({
  hasCredentials: z.boolean(),
  /** Of a folder: where it is on this computer; absent when its label is not mapped here. */
  folderPath: z.string().optional(),
  problem: channelProblem.optional(),
  activeTokens: count,
  /** Address of this channel at the gateway, without a token. */
  gatewayUrl: z.string().optional(),
});
export type ChannelView = Readonly<z.infer<typeof channelView>>;

/** Credentials in a change: keep what is stored, remove it, or set new ones. */
export const credentialsChange = z.discriminatedUnion('action', [
  z.object({ action: z.literal('keep') }),
  z.object({ action: z.literal('remove') }),
  z.object({ action: z.literal('set'), credentials: upstreamCredentials }),
]);

/** A folder by its label; `path` also maps the label on this computer, as it may not be mapped yet. */
export const upstreamDraft = z.discriminatedUnion('type', [
  z.object({ type: z.literal('url'), url: httpUrl }),
  z.object({
    type: z.literal('folder'),
    label: slug,
    path: z.string().min(1).max(limits.pathChars).optional(),
  }),
]);

export const channelDraft = z.object({
  name: channelName,
  kind: z.enum(['conda', 'pypi']),
  upstream: upstreamDraft,
  environmentIds: z.array(environmentId).max(100),
  note: note.default(''),
  credentials: credentialsChange.default({ action: 'keep' }),
  /** Hosts and networks of the local network that the upstream may be or redirect to; for a URL only. */
  privateHosts: z.array(z.string().trim().min(1).max(300)).max(limits.privateHosts).default([]),
});
export type ChannelDraft = z.input<typeof channelDraft>;

/** A project or package that a test looks for. */
export const lookedFor = z
  .string()
  .trim()
  .max(200)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, 'is letters, digits, dots, hyphens and underscores');

export const connectionReport = z.object({
  ok: z.boolean(),
  /** What a client would get, and what to do where that is a refusal. */
  message: z.string(),
  durationMs: z.number(),
  /** What was asked of the channel, by the gateway's own handlers. */
  steps: z.array(z.object({ path: z.string(), status: z.number().int(), reason: z.string() })),
});
export type ConnectionReport = z.infer<typeof connectionReport>;

/** An entry of a channel's private hosts, and the addresses that it means now. */
export const resolvedHost = z.object({
  /** In its one spelling. */
  entry: z.string(),
  addresses: z.array(z.string()),
  /** Why it cannot be resolved, or is never reached. */
  problem: z.string().optional(),
});
export type ResolvedHost = z.infer<typeof resolvedHost>;

export const folderView = z.object({
  label: slug,
  /** Where it is on this computer; absent when it is not mapped here. */
  path: z.string().optional(),
  /** Names of the channels that use it. */
  channels: z.array(z.string()),
  /** Names of feeds of facts that read it. */
  feeds: z.array(z.string()),
});
export type FolderView = Readonly<z.infer<typeof folderView>>;
