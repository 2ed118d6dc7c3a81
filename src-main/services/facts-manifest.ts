/** What this computer has of each feed: `facts/facts.json` in the data folder. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Feed } from '../../shared/model/curation.ts';
import { atMs, slug } from '../../shared/model/domain.ts';
import { parseFileJson } from '../base/bounded-json.ts';
import { factsCount } from '../curation/compiled-facts.ts';
import { feedProblem } from '../curation/feeds/problem.ts';
import { readIfThereSync } from '../disk/read-file.ts';
import { setAsideSync } from '../disk/set-aside.ts';
import { replaceFileSync } from '../disk/write-file.ts';

/** Hundreds of feeds. */
const maxBytes = 4 * 1024 * 1024;
/** Of a file of ours in the same folder. */
const fileName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,150}$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const keptFeed = z.object({
  kind: z.string(),
  /** What it was read from, as a text to compare. */
  source: z.string(),
  /** When it was last found to be as it is kept. */
  fetchedAtMs: atMs.optional(),
  /** When somebody last tried. */
  triedAtMs: atMs,
  records: z.number().int().min(0),
  gone: z.number().int().min(0),
  bad: z.number().int().min(0),
  firstBad: z.string().optional(),
  file: fileName.optional(),
  sha256: digest.optional(),
  /** By what an unchanged source is known. */
  stamp: z.string().optional(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  problem: feedProblem.optional(),
  /** What was kept was found to be another file than was written: there is nothing until the source is read again. */
  isDamaged: z.literal(true).optional(),
  shrunk: z.object({ from: z.number().int(), to: z.number().int() }).optional(),
});
export type KeptFeed = Readonly<z.infer<typeof keptFeed>>;

const manifest = z.object({
  version: z.literal(1),
  feeds: z.record(slug, keptFeed),
  compiled: z
    .object({
      file: fileName,
      sha256: digest,
      madeAtMs: atMs,
      counts: z.array(factsCount),
      /** Of which records it is made. */
      of: z.string(),
      /** The file of before: a gateway may still read it. */
      previous: fileName.optional(),
    })
    .optional(),
});
export type FactsManifest = Readonly<z.infer<typeof manifest>>;

const hourMs = 3_600_000;

/** What was kept of a feed; of another kind nothing counts. */
export function keptOf(
  { name, kind }: Pick<Feed, 'name' | 'kind'>,
  { feeds }: FactsManifest,
): KeptFeed | undefined {
  const found = feeds[name];
  return found?.kind === kind ? found : undefined;
}

/** Whether a feed's facts are older than it may be, or were never read. */
export function isStale(feed: Feed, manifest: FactsManifest, nowMs: number): boolean {
  const fetchedAtMs = keptOf(feed, manifest)?.fetchedAtMs;
  return fetchedAtMs === undefined || nowMs - fetchedAtMs > feed.staleAfterHours * hourMs;
}

export const factsDirOf = (dataDir: string): string => join(dataDir, 'facts');

/** One that is damaged is put aside: feeds are read anew. @throws LatchkeyError FILE_NOT_READABLE when the disk refuses */
export function readManifest(dir: string): FactsManifest {
  const path = join(dir, 'facts.json');
  const bytes = readIfThereSync(path, { maxBytes });
  if (bytes === undefined) return { version: 1, feeds: {} };
  try {
    return manifest.parse(parseFileJson(bytes.toString('utf8')));
  } catch (error) {
    if (error instanceof LatchkeyError) throw error;
    setAsideSync(path, 'damaged');
    return { version: 1, feeds: {} };
  }
}

/** @throws LatchkeyError FILE_NOT_WRITABLE */
export function writeManifest(dir: string, content: FactsManifest): void {
  makeFactsDir(dir);
  replaceFileSync(join(dir, 'facts.json'), `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
}

export function makeFactsDir(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
}
