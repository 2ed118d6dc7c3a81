/** What somebody wants out of the cache. */
import type { KeptEntry } from './kept-files.ts';
import type { DeniedOf } from './eviction.ts';
import { usedAtOf } from './kept-files.ts';

export type PurgeRule =
  | { readonly type: 'all' }
  /** Served at this channel, if also at others. */
  | { readonly type: 'channel'; readonly channelId: string }
  | { readonly type: 'unused'; readonly days: number }
  /** What nobody may have, where somebody says so. */
  | { readonly type: 'denied' }
  /** @param name in any spelling; without a version: all of them */
  | { readonly type: 'package'; readonly name: string; readonly version?: string }
  | { readonly type: 'files'; readonly sha256s: readonly string[] };

const dayMs = 86_400_000;
/** Judged at a time. */
const batch = 1000;

/** Those that a rule speaks of. */
export async function* entriesOf(
  entries: AsyncIterable<KeptEntry>,
  rule: PurgeRule,
  nowMs: number,
  deniedOf: DeniedOf | undefined,
): AsyncGenerator<KeptEntry> {
  if (rule.type !== 'denied') {
    const isMeant = meant(rule, nowMs);
    for await (const entry of entries) if (isMeant(entry)) yield entry;
    return;
  }
  if (deniedOf === undefined) return;
  let some: KeptEntry[] = [];
  const denied = async () => {
    const found = await deniedOf(some);
    return some.filter(({ sha256 }) => found.has(sha256));
  };
  for await (const entry of entries) {
    some.push(entry);
    if (some.length < batch) continue;
    yield* await denied();
    some = [];
  }
  yield* await denied();
}

function meant(rule: Exclude<PurgeRule, { type: 'denied' }>, nowMs: number): (entry: KeptEntry) => boolean {
  switch (rule.type) {
    case 'all':
      return () => true;
    case 'channel':
      return ({ about }) => about?.sources.some(({ channelId }) => channelId === rule.channelId) === true;
    case 'unused':
      return (entry) => nowMs - usedAtOf(entry, nowMs) > rule.days * dayMs;
    case 'package': {
      const conda = rule.name.toLowerCase();
      const names = { conda, pypi: conda.replaceAll(/[-_.]+/g, '-') };
      return ({ about }) =>
        about?.sources.some(
          ({ ecosystem, name, version }) =>
            name === names[ecosystem] && (rule.version === undefined || version === rule.version),
        ) === true;
    }
    case 'files': {
      const wanted = new Set(rule.sha256s);
      return ({ sha256 }) => wanted.has(sha256);
    }
  }
}
