/**
 * `upload-time` (PEP 700) of the files of a page whose upstream gives none: when the gateway saw them for the first time,
 * kept for good. Runs in a worker. Invariant: other content under a known name is another file.
 */
import { NameHash } from '../documents/name-hash.ts';
import type { NewSights, SightBuffers } from '../conda/sight-table.ts';
import { FoundSights, sightOf } from '../conda/sight-table.ts';
import type { ProjectFile } from './model.ts';

export type PageClock = {
  readonly sights: SightBuffers;
  /** Of what was not seen before. */
  readonly atMs: number;
};

export class FileTimes {
  readonly #project: string;
  readonly #clock: PageClock;
  readonly #hash: NameHash;
  #found: FoundSights | undefined;

  constructor(project: string, clock: PageClock) {
    this.#project = project;
    this.#clock = clock;
    this.#hash = new NameHash(clock.sights.key);
  }

  /** The file with a time. */
  withTime(file: ProjectFile): ProjectFile {
    if (file.uploadTime !== undefined) return file;
    this.#found ??= new FoundSights();
    const hash = this.#hash.of(`${this.#project}/${file.filename}#${file.hashes['sha256'] ?? ''}`);
    let atMs = sightOf(this.#clock.sights, hash);
    if (atMs === undefined) {
      ({ atMs } = this.#clock);
      this.#found.add(hash, atMs);
    }
    return { ...file, uploadTime: new Date(atMs).toISOString() };
  }

  /** Those that were seen for the first time; undefined where every file had a time of its own. */
  get sights(): NewSights | undefined {
    return this.#found?.build();
  }
}
