/**
 * The files of the cache on disk. Invariant: what stands below `files` was whole and had its hash when it was put there,
 * by a rename, and never changes; whoever is killed leaves nothing but something in `incoming`. Several processes use one
 * folder without a lock: what one does not find another has taken away.
 */
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { AboutFile, FileSource } from './about-file.ts';
import { maxAboutBytes, readAbout, withSource, writeAbout } from './about-file.ts';
import type { CacheDisk, CacheHandle } from './cache-disk.ts';
import { ifThere, quietly } from './cache-disk.ts';

/** By what a file is told from any other that takes its place. */
export type FileFacts = Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>;
/** What is kept under a hash. */
export type KeptEntry = {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** When it was last sent, to the hour. */
  readonly usedAtMs: number;
  /** undefined where the text beside it is missing or unreadable. */
  readonly about: AboutFile | undefined;
};

const sha256Name = /^[0-9a-f]{64}$/;
const md5Name = /^[0-9a-f]{32}$/;
/** What has not grown for so long is under way no more: its process was killed. */
const leftAfterMs = 15 * 60_000;
/** Looked at by people; the newest are enough. */
const maxDamaged = 16;

export class CacheFolder {
  readonly #disk: CacheDisk;
  readonly #files: string;
  readonly #byMd5: string;
  readonly #incoming: string;
  readonly #damaged: string;

  private constructor(disk: CacheDisk, dir: string) {
    this.#disk = disk;
    this.#files = join(dir, 'files');
    this.#byMd5 = join(dir, 'md5');
    this.#incoming = join(dir, 'incoming');
    this.#damaged = join(dir, 'damaged');
  }

  /** Makes what is missing. @throws the system's error */
  static async make(disk: CacheDisk, dir: string): Promise<CacheFolder> {
    await disk.mkdir(dir, { recursive: true, mode: 0o700 });
    // Files are opened at their very path: no link may stand on the way.
    const folder = new CacheFolder(disk, await disk.realpath(dir));
    for (const part of [folder.#files, folder.#byMd5, folder.#incoming, folder.#damaged])
      // oxlint-disable-next-line no-await-in-loop
      await disk.mkdir(part, { recursive: true, mode: 0o700 });
    return folder;
  }

  pathOf(sha256: string): string {
    return join(this.#files, sha256.slice(0, 2), sha256);
  }

  /** @returns undefined unless a regular file is kept under the hash */
  async look(sha256: string): Promise<Stats | undefined> {
    const stats = await ifThere(() => this.#disk.lstat(this.pathOf(sha256)));
    return stats?.isFile() === true ? stats : undefined;
  }

  /** Opens one for reading, as it stands there now. */
  async openFile(sha256: string): Promise<CacheHandle | undefined> {
    return await ifThere(() => this.#disk.open(this.pathOf(sha256), 'r'));
  }

  /** A new file for what comes in. */
  async openIncoming(): Promise<{ readonly path: string; readonly handle: CacheHandle }> {
    const path = join(this.#incoming, randomBytes(12).toString('hex'));
    return { path, handle: await this.#disk.open(path, 'wx+', 0o600) };
  }

  /**
   * Whole and checked: from now on it is served.
   * @returns which file it is then; undefined where another process was quicker: that one is checked like any other
   * @throws the system's error
   */
  async put(incoming: string, sha256: string, about: AboutFile): Promise<FileFacts | undefined> {
    const path = this.pathOf(sha256);
    await this.#disk.mkdir(join(this.#files, sha256.slice(0, 2)), { recursive: true, mode: 0o700 });
    const there = await this.look(sha256);
    if (there === undefined || (await this.about(sha256)) === undefined)
      await this.#writeAbout(sha256, about);
    if (about.md5 !== undefined) await this.#replace(join(this.#byMd5, about.md5), `${sha256}\n`);
    // It is not replaced under those who send it.
    if (there !== undefined && there.size === about.sizeBytes) {
      await this.drop(incoming);
      return undefined;
    }
    await this.#disk.rename(incoming, path);
    return await this.#disk.lstat(path);
  }

  /** What was under way and is not kept. */
  async drop(incoming: string): Promise<void> {
    await quietly(() => this.#disk.unlink(incoming));
  }

  /** The hash under which a file is kept of which an index knows MD5 alone. */
  async sha256OfMd5(md5: string): Promise<string | undefined> {
    const text = await ifThere(() => this.#disk.readFile(join(this.#byMd5, md5)));
    const sha256 = text?.toString('latin1').trim() ?? '';
    return sha256Name.test(sha256) ? sha256 : undefined;
  }

  async about(sha256: string): Promise<AboutFile | undefined> {
    const path = `${this.pathOf(sha256)}.json`;
    const stats = await ifThere(() => this.#disk.lstat(path));
    if (stats?.isFile() !== true || stats.size > maxAboutBytes) return undefined;
    const bytes = await ifThere(() => this.#disk.readFile(path));
    return bytes === undefined ? undefined : readAbout(bytes.toString());
  }

  /**
   * Notes that it was used: the time of the text beside it, so that the file itself stays as it is.
   * @param source a place that it is served at, noted where it is new
   */
  async touch(sha256: string, nowMs: number, source: FileSource | undefined): Promise<void> {
    await quietly(async () => {
      const about = await this.about(sha256);
      const more = source === undefined || about === undefined ? undefined : withSource(about, source);
      if (more !== undefined) await this.#writeAbout(sha256, more);
      const at = new Date(nowMs);
      await this.#disk.utimes(`${this.pathOf(sha256)}.json`, at, at);
    });
  }

  /** @returns bytes that are free now */
  async remove(sha256: string): Promise<number> {
    const stats = await this.look(sha256);
    const md5 = (await this.about(sha256))?.md5;
    const isGone = await ifThere(async () => {
      await this.#disk.unlink(this.pathOf(sha256));
      return true;
    });
    // Behind the file: what has none is taken away by `sweep`.
    await quietly(() => this.#disk.unlink(`${this.pathOf(sha256)}.json`));
    if (md5 !== undefined) await quietly(() => this.#disk.unlink(join(this.#byMd5, md5)));
    return isGone === true ? (stats?.size ?? 0) : 0;
  }

  /** Puts one aside whose content is not what its name says. */
  async setAside(sha256: string, nowMs: number): Promise<void> {
    const aside = join(this.#damaged, `${sha256}-${nowMs}-${randomBytes(3).toString('hex')}`);
    const isMoved = await quietly(async () => {
      await this.#disk.rename(this.pathOf(sha256), aside);
      return true;
    });
    // It must not be found again, whatever the disk says.
    if (isMoved !== true) await quietly(() => this.#disk.unlink(this.pathOf(sha256)));
    await quietly(() => this.#disk.unlink(`${this.pathOf(sha256)}.json`));
  }

  /** All that is kept, one after the other: what comes or goes meanwhile may be told or not. */
  async *entries(): AsyncGenerator<KeptEntry> {
    for (const part of await this.#names(this.#files)) {
      // oxlint-disable-next-line no-await-in-loop
      for (const sha256 of await this.#names(join(this.#files, part))) {
        if (!sha256Name.test(sha256)) continue;
        // oxlint-disable-next-line no-await-in-loop
        const stats = await this.look(sha256);
        if (stats === undefined) continue;
        // oxlint-disable-next-line no-await-in-loop
        const [beside, about] = await Promise.all([
          ifThere(() => this.#disk.lstat(`${this.pathOf(sha256)}.json`)),
          this.about(sha256),
        ]);
        const usedAtMs = Math.trunc(beside?.mtimeMs ?? stats.mtimeMs);
        yield { sha256, sizeBytes: stats.size, usedAtMs, about };
      }
    }
  }

  /** Takes away what killed processes left, and old damaged files. */
  async sweep(nowMs: number): Promise<void> {
    await quietly(async () => {
      await this.#removeOld(this.#incoming, nowMs, () => Promise.resolve(true));
      const aside = [...(await this.#names(this.#damaged))].sort((a, b) => timeOf(b) - timeOf(a));
      await this.dropDamaged(aside.slice(maxDamaged));
      for (const part of await this.#names(this.#files))
        // oxlint-disable-next-line no-await-in-loop
        await this.#removeOld(join(this.#files, part), nowMs, (name) => this.#isAlone(name));
      await this.#removeOld(this.#byMd5, nowMs, async (name) => {
        const sha256 = md5Name.test(name) ? await this.sha256OfMd5(name) : undefined;
        return sha256 === undefined || (await this.look(sha256)) === undefined;
      });
    });
  }

  /** Names of files that were put aside. */
  async damaged(): Promise<readonly string[]> {
    return await this.#names(this.#damaged);
  }

  async dropDamaged(names?: readonly string[]): Promise<void> {
    for (const name of names ?? (await this.damaged()))
      // oxlint-disable-next-line no-await-in-loop
      await quietly(() => this.#disk.unlink(join(this.#damaged, name)));
  }

  /** A text without its file, or what nobody knows. */
  async #isAlone(name: string): Promise<boolean> {
    if (sha256Name.test(name)) return false;
    const sha256 = name.slice(0, 64);
    return !sha256Name.test(sha256) || (await this.look(sha256)) === undefined;
  }

  async #removeOld(dir: string, nowMs: number, isLeft: (name: string) => Promise<boolean>): Promise<void> {
    for (const name of await this.#names(dir)) {
      // oxlint-disable-next-line no-await-in-loop
      await quietly(async () => {
        const stats = await this.#disk.lstat(join(dir, name));
        if (nowMs - stats.mtimeMs > leftAfterMs && (await isLeft(name)))
          await this.#disk.unlink(join(dir, name));
      });
    }
  }

  async #names(dir: string): Promise<readonly string[]> {
    return (await ifThere(() => this.#disk.readdir(dir))) ?? [];
  }

  async #writeAbout(sha256: string, about: AboutFile): Promise<void> {
    await this.#replace(`${this.pathOf(sha256)}.json`, writeAbout(about));
  }

  async #replace(path: string, text: string): Promise<void> {
    const made = join(this.#incoming, randomBytes(12).toString('hex'));
    try {
      await this.#disk.writeFile(made, text, { flag: 'wx', mode: 0o600 });
      await this.#disk.rename(made, path);
    } catch (error) {
      await this.drop(made);
      throw error;
    }
  }
}

const timeOf = (damaged: string): number => Number(damaged.split('-')[1] ?? 0);
