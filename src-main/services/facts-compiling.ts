/** Which records facts are made of, and what becomes of those that are found damaged. */
import { join } from 'node:path';
import type { Feed } from '../../shared/model/curation.ts';
import { compiledFormat } from '../curation/compiled-facts.ts';
import type { CompileJob } from '../curation/feeds/compile.ts';
import { codeOf } from '../disk/disk-error.ts';
import { setAsideSync } from '../disk/set-aside.ts';
import type { FactsManifest, KeptFeed } from './facts-manifest.ts';

export type FactsParts = Pick<CompileJob, 'feeds'> & { readonly lacking: NonNullable<CompileJob['lacking']> };

/** Records of the feeds that there are. */
export function partsOf(
  dir: string,
  { feeds: kept }: FactsManifest,
  feeds: ReadonlyMap<string, Feed>,
): FactsParts {
  const all = Object.entries(kept).flatMap(([name, one]) => {
    const feed = feeds.get(name);
    return feed === undefined || one.kind !== feed.kind || feed.kind === 'vex'
      ? []
      : [{ name, kind: feed.kind, one }];
  });
  return {
    feeds: all.flatMap(({ name, kind, one: { file, sha256 } }) =>
      file === undefined ? [] : [{ name, kind, path: join(dir, file), sha256 }],
    ),
    lacking: all.flatMap(({ name, kind, one }) => (one.isDamaged === true ? [{ name, kind }] : [])),
  };
}

/** What facts are made of, as a text to compare. */
export const partsText = ({ feeds, lacking }: FactsParts): string =>
  JSON.stringify([
    compiledFormat,
    feeds.map(({ name, sha256 }) => [name, sha256]),
    ...(lacking.length === 0 ? [] : [lacking.map(({ name }) => name)]),
  ]);

/** Puts damaged records aside: their feeds have none until their sources are read again, whole. */
export function withoutDamaged(
  dir: string,
  manifest: FactsManifest,
  damaged: readonly string[],
): FactsManifest {
  const feeds: Record<string, KeptFeed> = { ...manifest.feeds };
  for (const name of damaged) {
    const kept = feeds[name];
    if (kept === undefined) continue;
    if (kept.file !== undefined) putAside(join(dir, kept.file));
    const { file: _file, sha256: _hash, stamp: _stamp, etag: _etag, lastModified: _date, ...rest } = kept;
    feeds[name] = { ...rest, fetchedAtMs: undefined, records: 0, gone: 0, isDamaged: true };
  }
  return { ...manifest, feeds };
}

function putAside(path: string): void {
  try {
    setAsideSync(path, 'damaged');
  } catch (error) {
    // Where the disk does not let it go, it lies there unused.
    if (codeOf(error) === undefined) throw error;
  }
}
