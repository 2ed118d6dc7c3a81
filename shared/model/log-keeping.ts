/** What the organization says about its request logs: how long rows are kept, and how far a gateway's log has come. */
import { z } from 'zod';
import { atMs } from './domain.ts';
import { operatorId } from './ids.ts';

/** Days: rows themselves, what of them is personal (sealed), sums per day. What is personal goes first, sums last. */
export const retention = z
  .object({
    rowsDays: z.number().int().min(1).max(3650),
    addressDays: z.number().int().min(1).max(3650),
    ciUserDays: z.number().int().min(1).max(3650),
    rollupDays: z.number().int().min(1).max(36_500),
    /** How much of a gateway's disk rows may take: then the oldest go before their time. Absent: `defaultMaxGib`. */
    maxGib: z.number().int().min(1).max(100_000).optional(),
  })
  .readonly();
export type Retention = z.infer<typeof retention>;

/** How long each personal field is kept. */
export const daysOfField = { address: 'addressDays', ciUser: 'ciUserDays' } as const;

/** As long as nobody says otherwise. */
export const defaultRetention: Retention = {
  rowsDays: 400,
  addressDays: 30,
  ciUserDays: 30,
  rollupDays: 1830,
};
/** A part of a server's disk that nobody misses. */
export const defaultMaxGib = 50;
export const maxBytesOf = ({ maxGib = defaultMaxGib }: Pick<Retention, 'maxGib'>): number =>
  maxGib * 1024 ** 3;

/** Root of a closed segment as an operator saw it: nothing up to there can be rewritten unnoticed from then on. */
export const logAnchor = z
  .object({
    gatewayId: z.string(),
    /** Of the gateway, Ed25519, base64url. */
    publicKey: z.string(),
    /** One life of a gateway's process: when it began. */
    run: atMs,
    /** Number of the segment within the run. */
    n: z.number().int(),
    /** Base64url. */
    root: z.string(),
    rows: z.number().int(),
    atMs,
    by: operatorId,
    /** Line of the vault's log, from 0. */
    seq: z.number().int(),
  })
  .readonly();
export type LogAnchor = z.infer<typeof logAnchor>;
