import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const dirs: string[] = [];

/** A new folder, gone after the test. Call it inside a test or a hook of one. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-disk-'));
  dirs.push(dir);
  return dir;
}

/** Registers the clean-up; once per test file. */
export function cleanTempDirs(): void {
  afterEach(() => {
    for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
  });
}
