/**
 * Names of packages that have a text in them, in indexes that are in memory: for people who search. Invariant: nothing is
 * fetched for it; indexes are looked through in workers; what is found is bounded.
 */
import type { ChannelId } from '../../shared/model/ids.ts';
import type { Ecosystem } from '../../shared/model/packages.ts';
import type { TextBuffers } from './index-store/entry-scanner.ts';
import { Texts } from './index-store/row-columns.ts';

export type NamesQuestion = {
  readonly channelIds: readonly ChannelId[];
  /** Normalised. */
  readonly wanted: Readonly<Record<Ecosystem, string>>;
  /** Of each channel. */
  readonly limit: number;
};
export type NamesAnswer = readonly { readonly channelId: ChannelId; readonly names: readonly string[] }[];

/** Names of several indexes, in memory that threads share. */
export type FindNamesJob = {
  readonly tables: readonly TextBuffers[];
  readonly wanted: string;
  readonly limit: number;
};

/** Runs in a worker. */
export function findNames({ tables, wanted, limit }: FindNamesJob): readonly string[] {
  const found = new Set<string>();
  for (const table of tables)
    for (const name of new Texts(table).all()) if (name.includes(wanted)) found.add(name);
  return bestNames(found, wanted, limit);
}

/** Itself, those that begin with it, and the shorter ones first. */
export function bestNames(names: Iterable<string>, wanted: string, limit: number): readonly string[] {
  const rank = (name: string): number => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2);
  return [...names]
    .toSorted((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1))
    .slice(0, limit);
}
