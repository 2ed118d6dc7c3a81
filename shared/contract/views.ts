/** What the renderer and the CLI are shown: the domain's nouns without digests, sealed parts or secrets. */
import { z } from 'zod';
import {
  channel,
  channelName,
  displayName,
  environment,
  holder,
  holderKind,
  httpUrl,
  limits,
  note,
  operatorRole,
  policy,
  slug,
  team,
  token,
  tokenState,
  upstreamCredentials,
} from '../model/domain.ts';
import { exportFormatIds } from '../model/export-formats.ts';
import { publicUrlProblem } from '../model/public-url.ts';
import { channelId, environmentId, holderId, operatorId, policyId, teamId, tokenId } from '../model/ids.ts';

const atMs = z.number().int().nonnegative();
const count = z.number().int().nonnegative();

export const vaultStatus = z.enum(['none', 'locked', 'unlocked', 'damaged']);

export const vaultAlarm = z.object({
  code: z.enum([
    'lines-lost',
    'log-gone',
    'log-replaced',
    'earlier-line-damaged',
    'void-lines',
    'not-anchored',
    'checkpoint-newer',
    'key-file-restored',
    'state-folder-unusable',
    /** Locked: lines came that only an unlock can read. */
    'changes-waiting',
    /** Locked: the log cannot be followed, so revocations made elsewhere are not enforced. */
    'log-not-followed',
  ]),
  message: z.string(),
  stopsWrites: z.boolean(),
});
export type VaultAlarmView = Readonly<z.infer<typeof vaultAlarm>>;

export const sessionView = z.object({
  vault: vaultStatus,
  /** Known while unlocked. */
  organizationName: z.string().optional(),
  operator: z.object({ id: operatorId, name: displayName, role: operatorRole }).optional(),
  /** Sentences to show once after an unlock, e.g. that a torn last line was dropped. */
  notices: z.array(z.string()),
  /** What is wrong with the vault as long as it is: shown as a banner. `stopsWrites`: nothing can be changed until it is mended. */
  alarms: z.array(vaultAlarm),
  idleLockMinutes: z.number().int(),
  lockedBecause: z.enum(['start', 'hand', 'idle', 'suspend', 'screen-lock']).optional(),
});
export type SessionView = z.infer<typeof sessionView>;

export const hostView = z.object({
  kind: z.enum(['electron', 'browser']),
  version: z.string(),
  platform: z.string(),
  /** How exports are saved: by the system's dialog, or by typing a path into the app. */
  saveDialog: z.enum(['native', 'path']),
  /** Where the clipboard is written: by the host (and cleared after a while), or by the page. */
  clipboard: z.enum(['host', 'page']),
  dataDir: z.string(),
  homeDir: z.string(),
  versions: z.record(z.string(), z.string()),
});
export type HostView = z.infer<typeof hostView>;

export const teamView = team.unwrap().extend({ activeTokens: count });
export type TeamView = Readonly<z.infer<typeof teamView>>;
export const environmentView = environment.unwrap().extend({ activeTokens: count, channels: count });
export type EnvironmentView = Readonly<z.infer<typeof environmentView>>;
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
export const policyView = policy.unwrap().extend({
  /** The whole policy as one plain English paragraph. */
  readsAs: z.string(),
});
export type PolicyView = Readonly<z.infer<typeof policyView>>;

export const tokenUsage = z.object({
  firstUsedAtMs: atMs,
  lastUsedAtMs: atMs,
  lastClient: z.string(),
  lastAddress: z.string(),
  allowed: count,
  denied: count,
  bytes: count,
  /** Clients and networks seen lately, newest first; during a rotation they tell who still uses the old token. */
  clients: z.array(z.object({ client: z.string(), address: z.string(), lastAtMs: atMs, requests: count })),
});
export type TokenUsage = z.infer<typeof tokenUsage>;

export const holderView = holder.unwrap().extend({ activeTokens: count });
export type HolderView = Readonly<z.infer<typeof holderView>>;

export const tokenView = token
  .unwrap()
  .omit({ digest: true, holderId: true })
  .extend({
    holder: holder.unwrap().pick({ id: true, kind: true, name: true }),
    state: tokenState,
    teamName: z.string(),
    environmentName: z.string(),
    channelNames: z.array(z.string()),
    issuedByName: z.string(),
    usage: tokenUsage.optional(),
  });
export type TokenView = Readonly<z.infer<typeof tokenView>>;

export const teamDraft = z.object({ name: slug, description: note.default('') });
export const environmentDraft = z.object({
  name: slug,
  rank: z.number().int().min(0).max(1000),
  isProtected: z.boolean(),
});
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
export const policyDraft = policy.unwrap().omit({ id: true, createdAtMs: true });

/** What policies ask of new tokens of a team in an environment. */
export const effectivePolicy = z.object({
  /** The longest lifetime that enforced policies leave. */
  maxTtlDays: z.number().int().optional(),
  networksRequired: z.boolean(),
  /** The policies that say so, enforced ones first; `observe` ones only report. */
  sources: z.array(
    z.object({
      policyId,
      policyName: z.string(),
      mode: z.enum(['enforce', 'observe']),
      maxTtlDays: z.number().int().optional(),
      networksRequired: z.boolean(),
    }),
  ),
});
export type EffectivePolicy = Readonly<z.infer<typeof effectivePolicy>>;

/** What a removal changed besides: things that named what is gone, and no longer do. */
export const removal = z.object({
  takenOutOf: z.array(z.object({ kind: z.enum(['policy', 'channel']), id: z.string(), name: z.string() })),
});
export type Removal = Readonly<z.infer<typeof removal>>;

export const folderView = z.object({
  label: slug,
  /** Where it is on this computer; absent when it is not mapped here. */
  path: z.string().optional(),
  /** Names of the channels that use it. */
  channels: z.array(z.string()),
});
export type FolderView = Readonly<z.infer<typeof folderView>>;

export const vaultView = z.object({
  /** How many lines the log has. */
  seq: count,
  /** The format that the log declares, and the newest that this program writes. */
  format: z.object({ declared: z.number().int(), supported: z.number().int() }),
  /** Lines that count for nothing, newest first, at most 100 of `voidCount`. */
  voidLines: z.array(
    z.object({ line: z.number().int(), signer: z.string(), atMs: atMs.optional(), why: z.string() }),
  ),
  voidCount: count,
  /** How far the check in the background has come; `done` when there is nothing left to check. */
  background: z.object({ done: z.boolean(), checked: count }),
});
export type VaultView = Readonly<z.infer<typeof vaultView>>;
/** The full check of the log, a job with progress. */
export const verifyView = z.object({
  state: z.enum(['idle', 'running', 'done', 'cancelled', 'failed']),
  checked: count,
  total: count,
  voidCount: count,
  /** Why it failed: the line and what is wrong with it. */
  problem: z.string().optional(),
});
export type VerifyView = Readonly<z.infer<typeof verifyView>>;

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

export const holderChoice = z.union([
  z.object({ id: holderId }),
  z.object({ kind: holderKind, name: displayName }),
]);
const networksDraft = z.union([
  z.literal('anywhere'),
  z.array(z.string().trim().min(1).max(64)).min(1).max(limits.networks),
]);

export const issueDraft = z.object({
  /** One that there is, by its id, or by kind and name: made when there is none. */
  holder: holderChoice,
  teamId,
  environmentId,
  channelIds: z.array(channelId).min(1, 'choose at least one channel').max(200),
  ttlDays: z.number().int().min(1).max(limits.ttlDays),
  networks: networksDraft.default('anywhere'),
  note: note.default(''),
});
/** What changes about a token; what is left out stays. Narrowing always passes, widening is judged like an issue. */
export const tokenChange = z.object({
  id: tokenId,
  holder: holderChoice.optional(),
  note: note.optional(),
  channelIds: z.array(channelId).min(1, 'choose at least one channel').max(200).optional(),
  networks: networksDraft.optional(),
  expiresAtMs: atMs.optional(),
});
export type TokenChange = z.input<typeof tokenChange>;

export const tokenQuery = z.object({
  search: z.string().max(200).default(''),
  states: z.array(tokenState).max(5).default([]),
  teamIds: z.array(teamId).max(200).default([]),
  environmentIds: z.array(environmentId).max(200).default([]),
  channelIds: z.array(channelId).max(200).default([]),
  sort: z
    .enum(['holder', 'team', 'environment', 'state', 'issued', 'expires', 'last-used'])
    .default('issued'),
  descending: z.boolean().default(true),
  offset: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(1).max(1000).default(200),
});
export const tokenPage = z.object({
  rows: z.array(tokenView),
  total: count,
  /** Over all tokens, whatever the filter: for the tiles above the table. */
  countByState: z.record(tokenState, count),
});
export type TokenPage = z.infer<typeof tokenPage>;

/** The one answer that carries a secret. The renderer holds it in component state only, and drops it on close. */
export const issuedToken = z.object({ token: tokenView, secret: z.string() });
export type IssuedToken = z.infer<typeof issuedToken>;

export const exportFormatId = z.enum(exportFormatIds);
export const renderedExport = z.object({
  format: exportFormatId,
  title: z.string(),
  summary: z.string(),
  /** Ways that keep the token out of a file, to be shown first. */
  commands: z.array(z.object({ title: z.string(), command: z.string() })),
  files: z.array(
    z.object({
      name: z.string(),
      content: z.string(),
      containsSecret: z.boolean(),
      language: z.enum([
        'yaml',
        'ini',
        'toml',
        'json',
        'shell',
        'python',
        'powershell',
        'dockerfile',
        'groovy',
        'env',
        'text',
      ]),
    }),
  ),
  /** Per file: where it belongs on each operating system. */
  where: z.array(z.object({ linux: z.string(), macos: z.string(), windows: z.string() })),
  checkCommand: z.string(),
  notes: z.array(z.string()),
  /** With which clients it was used. */
  tried: z.union([
    z.array(z.object({ client: z.string(), version: z.string() })),
    z.literal('not run: parsed by its documented rules'),
  ]),
  /** Where else the token turns up: a path's end (`*` for any name), or a command that prints it. */
  leaks: z.array(z.object({ how: z.enum(['stored', 'printed']), where: z.string() })),
});
export type RenderedExport = z.infer<typeof renderedExport>;

/** Which token an export is for; the secret only right after issue or rotation, while the renderer still shows it. */
export const exportRequest = z.object({
  format: exportFormatId,
  tokenId,
  secret: z.string().max(64).optional(),
});

const gatewayOutcome = z.enum(['allow', 'deny', 'error']);
export const gatewayRequestView = z.object({
  atMs,
  method: z.string(),
  path: z.string(),
  status: z.number().int(),
  reason: z.string(),
  outcome: gatewayOutcome,
  tokenId: tokenId.optional(),
  channel: z.string().optional(),
  /** Why it was not answered as asked: a rule of the decision, or what else went wrong. */
  cause: z.string().optional(),
  client: z.string(),
  address: z.string(),
  bytes: count,
  durationMs: z.number(),
});
export const gatewayView = z.object({
  running: z.boolean(),
  host: z.string(),
  port: z.number().int(),
  baseUrl: z.string(),
  startedAtMs: atMs.optional(),
  /** The settings name another address than the one it listens on: it takes effect with a restart. */
  needsRestart: z.boolean(),
  /** Why it does not run, when it should, or enforces an older state. */
  problem: z.string().optional(),
  allowed: count,
  denied: count,
  errors: count,
  bytes: count,
  /** What was not answered as asked, by outcome and cause, most frequent first. */
  causes: z.array(z.object({ outcome: gatewayOutcome, cause: z.string(), count })),
  /** Newest first, at most 200. */
  recent: z.array(gatewayRequestView),
  /** Requests per ten seconds over the last ten minutes, oldest first. */
  history: z.array(z.object({ atMs, allowed: count, denied: count })),
});
export type GatewayView = z.infer<typeof gatewayView>;

/** How this computer reaches upstreams and the update feed. */
const networkSettings = z.object({
  /** Absolute path of a PEM file with certificates of further authorities. */
  caFile: z.string().max(limits.pathChars).default(''),
  /** Whether certificates that the system trusts count too. */
  useSystemStore: z.boolean().default(true),
  /** `http://host:port` or `https://host:port`; empty for none. */
  proxyUrl: z
    .union([
      z.literal(''),
      z
        .string()
        .regex(/^https?:\/\/[^\s/?#@]+\/?$/)
        .max(300),
    ])
    .default(''),
  proxyUser: z.string().max(256).default(''),
  /** Absolute path of a file whose first line is the proxy's password: no secret stands in the settings. */
  proxyPasswordFile: z.string().max(limits.pathChars).default(''),
  /** Hosts that are reached without the proxy: `host`, `.suffix`, either with `:port`, or blocks; by commas. */
  noProxy: z.string().max(4000).default(''),
});

export const settings = z.object({
  idleLockMinutes: z.number().int().min(1).max(480).default(15),
  gateway: z
    .object({
      autoStart: z.boolean().default(true),
      host: z.string().min(1).max(255).default('127.0.0.1'),
      port: z.number().int().min(0).max(65535).default(8700),
      /** What clients type, when a proxy or a name stands before the gateway. */
      publicUrl: z
        .string()
        .max(300)
        .refine((url) => url === '' || publicUrlProblem(url) === undefined, {
          error: ({ input }) => publicUrlProblem(String(input)),
        })
        .default(''),
      /** Addresses or CIDR blocks of proxies whose X-Forwarded-For is believed. */
      trustedProxies: z.array(z.string().trim().min(1).max(64)).max(limits.networks).default([]),
      /** How long running downloads may go on when the gateway is told to end. */
      drainSeconds: z.number().int().min(0).max(600).default(10),
      /** Whether a running download goes on when its token is revoked. */
      finishDownloads: z.boolean().default(false),
    })
    .prefault({}),
  colorScheme: z.enum(['auto', 'light', 'dark']).default('auto'),
  clipboardClearSeconds: z.number().int().min(0).max(600).default(60),
  contentProtection: z.boolean().default(false),
  closeToTray: z.boolean().default(false),
  keychainReaskDays: z.number().int().min(1).max(90).default(14),
  network: networkSettings.prefault({}),
  updates: z
    .object({
      feedUrl: z
        .union([
          z.literal(''),
          z
            .string()
            .regex(/^https:\/\/[^\s?#@]+$/)
            .max(300),
        ])
        .default(''),
      channel: z.enum(['latest', 'beta']).default('latest'),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof settings>;
