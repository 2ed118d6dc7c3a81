/** The gateway: whether it runs, what it answered. */
import { z } from 'zod';
import { dropCauses } from '../model/channel-health.ts';
import { channelId, tokenId } from '../model/ids.ts';
import { ecosystem } from '../model/packages.ts';
import { atMs, count, policyUse } from './atoms.ts';

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
  /** What was decided about it; absent when it could not be judged. */
  decision: z
    .object({
      effect: z.enum(['allow', 'deny']),
      reasons: z.array(
        z.object({
          policyName: z.string().optional(),
          rule: z.string(),
          mode: z.enum(['enforce', 'observe']).optional(),
          evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
        }),
      ),
    })
    .optional(),
  /** Of a file that policies speak about. */
  package: z.object({ ecosystem, name: z.string(), version: z.string() }).optional(),
  /** Of a refusal by a policy. */
  decisionId: z.string().optional(),
  /** A newer version of the package that is hidden, and why. */
  insteadOf: z
    .object({
      version: z.string(),
      reason: z.object({
        policyName: z.string().optional(),
        rule: z.string(),
        evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      }),
    })
    .optional(),
  client: z.string(),
  address: z.string(),
  bytes: count,
  durationMs: z.number(),
});

/** What the gateway found out about a channel's upstream (shared/model/channel-health.ts). */
const channelHealthView = z.object({
  channelId,
  checkedAtMs: atMs.optional(),
  problem: z
    .object({ reason: z.string(), hint: z.string().optional(), path: z.string(), sinceMs: atMs })
    .optional(),
  problems: count,
  staleSinceMs: atMs.optional(),
  cuts: z.object({ count, path: z.string(), lastMs: atMs }).optional(),
  dropped: z.partialRecord(z.enum(dropCauses), count),
});
export type ChannelHealthView = Readonly<z.infer<typeof channelHealthView>>;

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
  /** Another program has its port: it can be tried again, or on another one. */
  isPortTaken: z.boolean(),
  allowed: count,
  denied: count,
  errors: count,
  bytes: count,
  /** What was not answered as asked, by outcome and cause, most frequent first. */
  causes: z.array(z.object({ outcome: gatewayOutcome, cause: z.string(), count })),
  /** What policies said since it started, what spoke last first; also those that only observe. */
  policies: z.array(policyUse),
  /** Newest first, at most 200. */
  recent: z.array(gatewayRequestView),
  /** Requests per ten seconds over the last ten minutes, oldest first. */
  history: z.array(z.object({ atMs, allowed: count, denied: count })),
  /** How it gets on with writing the request log; absent while it does not run or writes none. */
  log: z
    .object({
      waitingRows: count,
      /** Since it started. */
      droppedRows: count,
      /** In words; absent when all is well. */
      problem: z.string().optional(),
      /** Where it is not kept as the organization says, in words; absent when all is well. */
      keeping: z.string().optional(),
    })
    .optional(),
  /** Of channels that were asked for since the gateway started; none while the vault is locked, as it names hosts. */
  channels: z.array(channelHealthView),
});
export type GatewayView = z.infer<typeof gatewayView>;

/** What answers as the gateway of this folder on this computer, whichever process runs it. */
export const foundGateway = z.object({
  /** `unknown`: something is there that does not say who it is. */
  who: z.enum(['ours', 'other', 'nothing', 'unknown']),
  /** Where it was asked; none while nobody knows the port. */
  url: z.string().optional(),
  /** Of ours only: the address that clients are told, '' when that is `url`. */
  publicUrl: z.string().optional(),
  startedAtMs: atMs.optional(),
  /** How many lines of the log it enforces whole. */
  enforced: count.optional(),
  /** How many lines the log has, as far as this process can tell. */
  lines: count.optional(),
});
export type FoundGateway = Readonly<z.infer<typeof foundGateway>>;
