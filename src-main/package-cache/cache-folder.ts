/**
 * The files of the cache on disk. Invariant: what stands below `files` was whole and had its hash when it was put there,
 * by a rename, and never changes; whoever is killed leaves nothing but something in `incoming`. Several processes use one
 * folder without a lock: what one does not find another has taken away. Where a link stands in the place of a folder,
 * nothing is read, written or taken away behind it.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { basename, join } from 'node:path';
import type { AboutFile, FileSource } from './about-file.ts';
import { maxAboutBytes, readAbout, withSource, writeAbout } from './about-file.ts';
import type { CacheDisk, CacheHandle } from './cache-disk.ts';
import { codeOf, ifThere, isFolder, makeFolder, namesIn, openRegular, quietly } from './cache-disk.ts';
import type { KeptEntry, KeptFile } from './kept-files.ts';
import { inGroups, keptFiles, removeOld, sha256Name, sizeOfKept, sweepKept } from './kept-files.ts';

/** By what a file is told from any other that takes its place. */
export type FileFacts = Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>;
/** Of a hash. */
const pointerBytes = 65;
/** Something else than a file of ours stands where one should: no fault of the disk, and it stays. */
const inTheWay: ReadonlySet<unknown> = new Set(['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'ELOOP']);
/** Looked at by people; the newest are enough. */
const maxDamaged = 16;

/** A hash of a file by which one place alone finds it: whoever else has the same MD5 may mean another file. */
const pointerOf = (md5: string, { channelId, path }: Pick<FileSource, 'channelId' | 'path'>): string =>
  createHash('sha256').update(`${channelId}\0${path}\0${md5}`).digest('hex').slice(0, 32);

export class CacheFolder {
  readonly #disk: CacheDisk;
  readonly #files: string;
  readonly #byMd5: string;
  readonly #incoming: string;
  readonly #damaged: string;
  /** Under way in this process, however slowly and whatever the clock says. */
  readonly #own = new Set<string>();

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
      await makeFolder(disk, part);
    return folder;
  }

  pathOf(sha256: string): string {
    return join(this.#partOf(sha256), sha256);
  }

  #partOf(sha256: string): string {
    return join(this.#files, sha256.slice(0, 2));
  }

  /** @returns undefined unless a regular file is kept under the hash, with no link on the way */
  async look(sha256: string): Promise<Stats | undefined> {
    const [isPart, stats] = await Promise.all([
      isFolder(this.#disk, this.#partOf(sha256)),
      ifThere(() => this.#disk.lstat(this.pathOf(sha256))),
    ]);
    return isPart && stats?.isFile() === true ? stats : undefined;
  }

  /** Opens one for reading, as it stands there now. */
  async openFile(sha256: string): ReturnType<typeof openRegular> {
    return await openRegular(this.#disk, this.pathOf(sha256));
  }

  /** A new file for what comes in. */
  async openIncoming(): Promise<{ readonly path: string; readonly handle: CacheHandle }> {
    const name = randomBytes(12).toString('hex');
    const path = join(this.#incoming, name);
    const handle = await this.#disk.open(path, 'wx+', 0o600);
    this.#own.add(name);
    return { path, handle };
  }

  /**
   * Whole and checked: from now on it is served.
   * @param md5 by which this place finds it, where its index knows nothing else
   * @returns which file it is then; 'other' where one was there: that one is checked like any other; 'not' where it
   * cannot be put there, which is no fault of the disk
   * @throws the system's error
   */
  async put(
    incoming: string,
    sha256: string,
    about: AboutFile,
    md5: string | undefined,
  ): Promise<FileFacts | 'other' | 'not'> {
    try {
      return await this.#put(incoming, sha256, about, md5);
    } catch (error) {
      const code = codeOf(error);
      // It was taken away meanwhile, with its folder or without.
      if (code !== 'ENOENT' && !inTheWay.has(code)) throw error;
      await this.drop(incoming);
      return 'not';
    }
  }

  async #put(
    incoming: string,
    sha256: string,
    about: AboutFile,
    md5: string | undefined,
  ): Promise<FileFacts | 'other'> {
    const path = this.pathOf(sha256);
    const [source] = about.sources;
    await makeFolder(this.#disk, this.#partOf(sha256));
    const there = await this.look(sha256);
    const before = there === undefined ? undefined : await this.about(sha256);
    const now = before === undefined || source === undefined ? about : withSource(before, source);
    if (now !== undefined) await this.#writeAbout(sha256, now);
    if (md5 !== undefined && source !== undefined)
      await this.#replace(join(this.#byMd5, pointerOf(md5, source)), `${sha256}\n`);
    // It is not replaced under those who send it.
    if (there !== undefined && there.size === about.sizeBytes) {
      await this.drop(incoming);
      return 'other';
    }
    await this.#disk.rename(incoming, path);
    this.#own.delete(basename(incoming));
    return await this.#disk.lstat(path);
  }

  /** What was under way and is not kept. */
  async drop(incoming: string): Promise<void> {
    this.#own.delete(basename(incoming));
    await quietly(() => this.#disk.unlink(incoming));
  }

  /** The hash under which a file is kept of which an index knows MD5 alone, as it stood at this very place. */
  async sha256OfMd5(md5: string, source: FileSource): Promise<string | undefined> {
    return await this.#pointedAt(pointerOf(md5, source));
  }

  async #pointedAt(pointer: string): Promise<string | undefined> {
    const text = await this.#disk.readFile(join(this.#byMd5, pointer), pointerBytes);
    const sha256 = text?.toString('latin1').trim() ?? '';
    return sha256Name.test(sha256) ? sha256 : undefined;
  }

  async about(sha256: string): Promise<AboutFile | undefined> {
    const bytes = await this.#disk.readFile(`${this.pathOf(sha256)}.json`, maxAboutBytes);
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
    const isGone = await ifThere(async () => {
      await this.#disk.unlink(this.pathOf(sha256));
      return true;
    });
    // Behind the file: what has none, and what leads to none, is taken away by `sweep`.
    await quietly(() => this.#disk.unlink(`${this.pathOf(sha256)}.json`));
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

  /** All that is kept, some at a time. */
  files(): AsyncGenerator<readonly KeptFile[]> {
    return keptFiles(this.#disk, this.#files);
  }

  /** With what stands beside each. */
  async withTexts(files: readonly KeptFile[]): Promise<readonly KeptEntry[]> {
    const entries: KeptEntry[] = [];
    const read = async (file: KeptFile) => ({ ...file, about: await this.about(file.sha256) });
    for await (const some of inGroups(files, read)) entries.push(...some);
    return entries;
  }

  /** All that is kept, one after the other. */
  async *entries(): AsyncGenerator<KeptEntry> {
    for await (const some of this.files()) yield* await this.withTexts(some);
  }

  /** How much that is. */
  size(): ReturnType<typeof sizeOfKept> {
    return sizeOfKept(this.#disk, this.#files);
  }

  /** Takes away what killed processes left, and old damaged files. */
  async sweep(nowMs: number): Promise<void> {
    await quietly(async () => {
      const old = async (dir: string, isLeft: (name: string) => boolean | Promise<boolean>) =>
        await removeOld(this.#disk, dir, await namesIn(this.#disk, dir), nowMs, isLeft);
      await old(this.#incoming, (name) => !this.#own.has(name));
      const aside = [...(await this.damaged())].sort((a, b) => timeOf(b) - timeOf(a));
      await this.dropDamaged(aside.slice(maxDamaged));
      await sweepKept(this.#disk, this.#files, nowMs);
      await old(this.#byMd5, async (name) => {
        const sha256 = await this.#pointedAt(name);
        return sha256 === undefined || (await this.look(sha256)) === undefined;
      });
    });
  }

  /** Names of files that were put aside. */
  async damaged(): Promise<readonly string[]> {
    return await namesIn(this.#disk, this.#damaged);
  }

  async dropDamaged(names?: readonly string[]): Promise<void> {
    for (const name of names ?? (await this.damaged()))
      // oxlint-disable-next-line no-await-in-loop
      await quietly(() => this.#disk.unlink(join(this.#damaged, name)));
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
