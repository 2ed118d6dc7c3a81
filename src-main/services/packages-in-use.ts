/**
 * Which packages were asked for through gateways of this data folder: what decides whether a new advisory concerns
 * anybody. Kept beside the vault, one file per process as usage of tokens is; names and versions only, no tokens, no
 * addresses. Invariant: bounded; a convenience, so that a missing or damaged file counts as empty.
 */
import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { PackageUse } from '../../shared/model/gateway.ts';
import { atMs } from '../../shared/model/domain.ts';
import { ecosystem, packageName, packageVersion } from '../../shared/model/packages.ts';
import { dayMs } from '../../shared/model/time.ts';
import { isWithinBounds } from '../base/bounded-json.ts';
import { makeFolderSync } from '../disk/make-folder.ts';
import { readIfThereSync } from '../disk/read-file.ts';
import { replaceFileSync } from '../disk/write-file.ts';

/** What nobody asked for in so long is in nobody's use. */
export const inUseForMs = 90 * dayMs;
/** An organization's environments together have a few thousand. The longest unused go first. */
const maxPackages = 20_000;
const maxVersions = 20;
/** 20,000 packages with all their versions. */
const maxFileBytes = 32 * 1024 * 1024;
const fileBounds = { marks: maxPackages * (maxVersions + 8), depth: 4 };
const maxFiles = 50;
const flushEveryMs = 5_000;
const lookEveryMs = 2_000;

const used = z.object({
  ecosystem,
  name: packageName,
  lastAtMs: atMs,
  /** The last ones that were asked for, newest first. */
  versions: z.array(packageVersion).max(maxVersions),
});
export type PackageInUse = Readonly<z.infer<typeof used>>;
type Used = ReadonlyMap<string, PackageInUse>;

const keyOf = ({ ecosystem: kind, name }: Pick<PackageInUse, 'ecosystem' | 'name'>): string =>
  `${kind} ${name}`;

export class PackagesInUse {
  readonly #dir: string;
  readonly #ownFile: string;
  readonly #now: () => number;
  #own: Map<string, PackageInUse> | undefined;
  #others = new Map<string, { readonly version: string; readonly used: Used }>();
  #lookedAtMs: number | undefined;
  #isNew = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param instance a name for this process's file */
  constructor(dataDir: string, instance: string, now: () => number) {
    this.#dir = join(dataDir, 'in-use');
    this.#ownFile = `${instance}.json`;
    this.#now = now;
  }

  record(uses: readonly PackageUse[]): void {
    const own = this.#ownUsed();
    for (const use of uses) {
      const key = keyOf(use);
      const before = own.get(key);
      // Again at its end: the first is the longest unused.
      own.delete(key);
      own.set(key, after(before, use));
      this.#isNew = true;
    }
    for (const key of own.keys()) {
      if (own.size <= maxPackages) break;
      own.delete(key);
    }
    if (this.#isNew) this.#timer ??= setTimeout(() => this.flush(), flushEveryMs).unref();
  }

  /** Everything that was asked for within the time that counts, of every process; normalised names. */
  all(): readonly PackageInUse[] {
    this.#look();
    const sinceMs = this.#now() - inUseForMs;
    const found = new Map<string, PackageInUse>();
    for (const table of [this.#ownUsed(), ...[...this.#others.values()].map((other) => other.used)]) {
      for (const [key, entry] of table)
        if (entry.lastAtMs >= sinceMs) found.set(key, merged(found.get(key), entry));
    }
    return [...found.values()];
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isNew) return;
    this.#isNew = false;
    try {
      makeFolderSync(this.#dir);
      const text = JSON.stringify([...this.#ownUsed().values()]);
      replaceFileSync(join(this.#dir, this.#ownFile), text, { mode: 0o600 });
    } catch {
      // A full disk must not stop a gateway from serving. Tried again with the next requests.
      this.#isNew = true;
    }
  }

  #ownUsed(): Map<string, PackageInUse> {
    return (this.#own ??= new Map(readUsed(join(this.#dir, this.#ownFile))));
  }

  #look(): void {
    const age = this.#lookedAtMs === undefined ? lookEveryMs : this.#now() - this.#lookedAtMs;
    if (age >= 0 && age < lookEveryMs) return;
    this.#lookedAtMs = this.#now();
    const before = this.#others;
    this.#others = new Map();
    for (const { name, mtimeMs } of listed(this.#dir).slice(0, maxFiles)) {
      if (name === this.#ownFile) continue;
      if (mtimeMs < this.#now() - inUseForMs) {
        removeQuietly(join(this.#dir, name));
        continue;
      }
      const version = String(mtimeMs);
      const known = before.get(name);
      this.#others.set(
        name,
        known?.version === version ? known : { version, used: readUsed(join(this.#dir, name)) },
      );
    }
  }
}

function after(before: PackageInUse | undefined, use: PackageUse): PackageInUse {
  const { ecosystem: kind, name, version, lastAtMs } = use;
  const versions = before?.versions ?? [];
  return {
    ecosystem: kind,
    name,
    lastAtMs: Math.max(before?.lastAtMs ?? 0, lastAtMs),
    versions:
      version === undefined
        ? versions
        : [version, ...versions.filter((one) => one !== version)].slice(0, maxVersions),
  };
}

function merged(a: PackageInUse | undefined, b: PackageInUse): PackageInUse {
  if (a === undefined) return b;
  const [newer, older] = a.lastAtMs >= b.lastAtMs ? [a, b] : [b, a];
  return { ...newer, versions: [...new Set([...newer.versions, ...older.versions])].slice(0, maxVersions) };
}

/** Newest first. */
function listed(dir: string): readonly { readonly name: string; readonly mtimeMs: number }[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => {
        const stats = statSync(join(dir, name), { throwIfNoEntry: false });
        return stats === undefined ? [] : [{ name, mtimeMs: stats.mtimeMs }];
      })
      .toSorted((a, b) => b.mtimeMs - a.mtimeMs);
  } catch {
    // Missing, or not readable.
    return [];
  }
}

function readUsed(path: string): Used {
  try {
    const bytes = readIfThereSync(path, { maxBytes: maxFileBytes });
    const text = bytes?.toString('utf8') ?? '[]';
    if (!isWithinBounds(text, fileBounds)) return new Map();
    const entries = z.array(z.unknown()).max(maxPackages).parse(JSON.parse(text));
    return new Map(
      entries.flatMap((entry) => {
        const { success, data } = used.safeParse(entry);
        return success ? [[keyOf(data), data] as const] : [];
      }),
    );
  } catch {
    return new Map();
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is in nobody's way.
  }
}
