/** The package cache of a data folder. */
import { z } from 'zod';
import { channelId } from '../model/ids.ts';
import { ecosystem, packageVersion, spelledPackageName } from '../model/packages.ts';
import { atMs, count } from './atoms.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const cacheStatus = z.object({
  files: count,
  bytes: count,
  /** Index documents, kept for the time that their upstream is away. */
  documents: count,
  documentBytes: count,
  /** 0: it is off. */
  maxBytes: count,
  /** The counts are those of so many days. */
  days: count,
  hits: count,
  hitBytes: count,
  misses: count,
  missBytes: count,
  /** Files that lie aside because their content was wrong. */
  damaged: count,
});

export const cacheQuery = z.object({
  /** Part of a file's name. */
  text: z.string().trim().max(200).default(''),
  channelId: channelId.optional(),
  /** Only what policies deny to everybody. */
  denied: z.boolean().default(false),
  sort: z.enum(['size', 'used']).default('size'),
  limit: z.number().int().min(1).max(1000).default(100),
});

export const cachedFileView = z.object({
  sha256,
  sizeBytes: count,
  /** To the hour. */
  usedAtMs: atMs,
  storedAtMs: atMs.optional(),
  filename: z.string().optional(),
  ecosystem: ecosystem.optional(),
  name: z.string().optional(),
  version: z.string().optional(),
  /** Names of the channels that it was served at. */
  channels: z.array(z.string()),
});
export type CachedFileView = Readonly<z.infer<typeof cachedFileView>>;
export const cachePage = z.object({ total: count, bytes: count, files: z.array(cachedFileView) });

/** What is to go. `denied`: what policies deny to everybody. */
export const purgeRule = z.discriminatedUnion('type', [
  z.object({ type: z.literal('all') }),
  z.object({ type: z.literal('channel'), channelId }),
  z.object({ type: z.literal('unused'), days: z.number().int().min(0).max(3650) }),
  z.object({ type: z.literal('denied') }),
  z.object({ type: z.literal('package'), name: spelledPackageName, version: packageVersion.optional() }),
  z.object({ type: z.literal('files'), sha256s: z.array(sha256).min(1).max(1000) }),
]);
export type PurgeRuleInput = z.infer<typeof purgeRule>;
/** Index documents go with all, and with their channel. */
export const purged = z.object({ files: count, bytes: count, documents: count, documentBytes: count });

export const cacheVerifyView = z.object({
  state: z.enum(['idle', 'running', 'done', 'cancelled', 'failed']),
  files: count,
  bytes: count,
  totalFiles: count,
  /** Put aside, by their hashes; at most 100 of `damagedCount`. */
  damaged: z.array(z.string()),
  damagedCount: count,
  problem: z.string().optional(),
});
export type CacheVerifyView = Readonly<z.infer<typeof cacheVerifyView>>;
