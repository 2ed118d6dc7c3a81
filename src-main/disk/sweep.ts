/** Clears away what a killed process left of a file that it was about to replace. */
import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './disk-error.ts';

/** As `replaceFile` names them. */
const temporaryName = /^\..+\.[0-9a-f]{12}\.tmp$/;
/** No write takes an hour; what is older belongs to nobody. */
const leftAfterMs = 3_600_000;

/**
 * Removes old temporary files from folders. Best effort: they are in nobody's way, but may hold an older passphrase's
 * slot.
 */
export function sweepTemporaryFiles(dirs: readonly string[], nowMs: number): void {
  for (const dir of dirs) {
    for (const name of namesIn(dir)) {
      if (temporaryName.test(name)) removeIfOld(join(dir, name), nowMs);
    }
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return [];
  }
}

function removeIfOld(path: string, nowMs: number): void {
  try {
    if (nowMs - statSync(path).mtimeMs > leftAfterMs) unlinkSync(path);
  } catch (error) {
    // Somebody else was quicker, or the disk takes no changes.
    if (codeOf(error) === undefined) throw error;
  }
}
