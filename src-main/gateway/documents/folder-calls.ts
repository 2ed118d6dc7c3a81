/** Folders that this thread knows, and the calls about them that are not done yet. Runs in a worker. */
import { FolderError } from '../pypi/folder-error.ts';
import { FolderIndex } from '../pypi/folder-index.ts';
import type { FolderAnswer, FolderCall } from './jobs.ts';

/** One turn: others wait no longer for theirs. */
const turnMs = 25;

const folders = new Map<number, FolderIndex>();
const running = new Map<number, Generator<void, unknown>>();

/** Goes on with a call, or begins it. */
export function stepFolder(key: number, call: number, asked: FolderCall): FolderAnswer {
  try {
    let steps = running.get(call);
    if (steps === undefined) {
      steps = begin(key, asked);
      running.set(call, steps);
    }
    const endMs = performance.now() + turnMs;
    do {
      const next = steps.next();
      if (next.done === true) {
        running.delete(call);
        return { ok: true, isDone: true, result: next.value };
      }
    } while (performance.now() < endMs);
    return { ok: true, isDone: false };
  } catch (error) {
    running.delete(call);
    if (error instanceof FolderError) return { ok: false, why: error.message };
    throw error;
  }
}

export function closeFolder(key: number): void {
  folders.delete(key);
}

function begin(
  key: number,
  { path, firstSeenPath, method, parameters }: FolderCall,
): Generator<void, unknown> {
  let folder = folders.get(key);
  // A thread that took the place of a dead one starts again.
  if (folder === undefined) {
    folder = new FolderIndex(path, firstSeenPath);
    folders.set(key, folder);
  }
  return method === 'look'
    ? folder.look(...(parameters as Parameters<FolderIndex['look']>))
    : folder.page(...(parameters as Parameters<FolderIndex['page']>));
}
