/**
 * Adding up the usage files of gateways that ended. Invariant: under a lock, and the sum names the files that are in it, so
 * that one that a kill left behind counts no more, for whoever reads and for the process whose it is. Such a process, like
 * one whose file went, begins a new one with what came since. What is written in the same instant as a file is added up is
 * lost, or counted twice: a few seconds of a gateway that was idle for an hour.
 */
import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenUsage } from '../../shared/contract/token-views.ts';
import { tokenUsage } from '../../shared/contract/token-views.ts';
import { withFileLock } from '../disk/file-lock.ts';
import type { Disk } from '../disk/operations.ts';
import { replaceFileSync } from '../disk/write-file.ts';
import { mergeUsage } from './usage-sums.ts';

/** Each start of `latchkey gateway` has a file of its own; the others write the same file again. */
const ofOneRun = /^gateway-\d+-\d+\.json$/;
/** A gateway writes every few seconds while it is used. */
const silentMs = 3_600_000;
export const sumName = 'merged.json';
/** No token's id: which files are in the sum, by name and version. */
const filesKey = ' files';

type Deps = {
  readonly now: () => number;
  readonly disk: Disk;
  /** This process's own file, which stays. */
  readonly own: string;
  readonly readUsage: (path: string) => ReadonlyMap<string, unknown>;
  /** Another one for each time it was written; '' where there is none. */
  readonly versionOf: (path: string) => string;
};

/** @throws LatchkeyError as a lock of a file and the writing of one do */
export async function mergeEndedFiles(dir: string, deps: Deps): Promise<void> {
  // Most of the time there is nothing, and no lock is asked for.
  if (endedFiles(dir, deps).length === 0) return;
  await withFileLock(join(dir, 'merge.lock'), { now: deps.now }, () => mergeNow(dir, deps));
}

function mergeNow(dir: string, { now, disk, own, readUsage, versionOf }: Deps): void {
  const names = endedFiles(dir, { now, own });
  const sum = new Map(readUsage(join(dir, sumName)));
  const before = filesInSum(sum);
  const files: Record<string, string> = {};
  for (const name of names) {
    const path = join(dir, name);
    const version = versionOf(path);
    if (version === '') continue;
    if (before[name] !== version) {
      const found = readUsage(path);
      // Its process goes on.
      if (versionOf(path) !== version) continue;
      addTo(sum, found);
    }
    files[name] = version;
  }
  sum.set(filesKey, files);
  replaceFileSync(join(dir, sumName), JSON.stringify(Object.fromEntries(sum)), { mode: 0o600, disk });
  for (const [name, version] of Object.entries(files)) {
    const path = join(dir, name);
    if (versionOf(path) === version) unlinkSync(path);
  }
}

function addTo(sum: Map<string, unknown>, more: ReadonlyMap<string, unknown>): void {
  for (const [id, entry] of more) {
    const [known, found] = [parsed(sum.get(id)), parsed(entry)];
    if (found !== undefined) sum.set(id, known === undefined ? found : mergeUsage(known, found));
  }
}

function parsed(entry: unknown): TokenUsage | undefined {
  const result = tokenUsage.safeParse(entry);
  return result.success ? result.data : undefined;
}

/** Which files are in a sum, and in which version each. */
export function filesInSum(sum: ReadonlyMap<string, unknown> | undefined): Readonly<Record<string, unknown>> {
  const value = sum?.get(filesKey);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function endedFiles(dir: string, { now, own }: Pick<Deps, 'now' | 'own'>): readonly string[] {
  try {
    return readdirSync(dir).filter((name) => {
      if (!ofOneRun.test(name) || name === own) return false;
      const stats = statSync(join(dir, name), { throwIfNoEntry: false });
      return stats?.isFile() === true && now() - stats.mtimeMs > silentMs;
    });
  } catch {
    // Missing, or not readable: nothing is added up, and the tokens are shown as they were.
    return [];
  }
}
