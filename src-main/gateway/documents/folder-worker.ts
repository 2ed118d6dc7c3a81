import type { KeptFile } from '../pypi/kept-file.ts';
import type { FolderPage, LookResult } from '../pypi/folder-index.ts';
import { UpstreamError } from '../types.ts';
import type { FairSlots } from '../fair-slots.ts';
import type { FolderAnswer } from './jobs.ts';
import type { Lane } from './worker-threads.ts';

let nextKey = 1;

/** One folder of packages, as a worker knows it. Each call is repeated until its steps are done, so that others have turns. */
export class FolderWorker {
  readonly #lane: Lane;
  readonly #slots: FairSlots;
  readonly #owner: string;
  readonly #key: number;
  readonly #path: string;
  readonly #firstSeenPath: string | undefined;

  constructor(lane: Lane, slots: FairSlots, owner: string, path: string, firstSeenPath: string | undefined) {
    this.#lane = lane;
    this.#slots = slots;
    this.#owner = owner;
    this.#path = path;
    this.#firstSeenPath = firstSeenPath;
    this.#key = nextKey;
    nextKey += 1;
  }

  /** @param wantsAll also what did not change: the thread may know more than we do */
  async look(nowMs: number, wantsAll: boolean): Promise<LookResult> {
    return await this.#inSteps<LookResult>('look', [nowMs, wantsAll]);
  }

  async page(project: string, nowMs: number): Promise<FolderPage | undefined> {
    return await this.#inSteps<FolderPage | undefined>('page', [project, nowMs]);
  }

  async metadata(filename: string, file: KeptFile): Promise<Uint8Array | undefined> {
    return await this.#lane.run<Uint8Array | undefined>('folderMetadata', [filename, file]);
  }

  close(): void {
    // A thread that is gone has forgotten it.
    this.#lane.run('folderClose', [this.#key]).catch(() => undefined);
  }

  async #inSteps<Result>(method: 'look' | 'page', parameters: readonly unknown[]): Promise<Result> {
    const giveBack = await this.#slots.take(this.#owner);
    this.#lane.load += 1;
    try {
      const call = nextKey;
      nextKey += 1;
      for (;;) {
        const answer = await this.#lane.run<FolderAnswer>('folderStep', [
          this.#key,
          call,
          { path: this.#path, firstSeenPath: this.#firstSeenPath, method, parameters },
        ]);
        if (!answer.ok) throw new UpstreamError(502, answer.why);
        if (answer.isDone) return answer.result as Result;
      }
    } finally {
      this.#lane.load -= 1;
      giveBack();
    }
  }
}
