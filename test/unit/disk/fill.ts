import { strict as assert } from 'node:assert';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Fills the disk that a folder is on, by a file in it, so that so many bytes are left, or as many as there are. */
export function fill(dir: string, freeBytes: number): void {
  const ballast = join(dir, 'ballast');
  rmSync(ballast, { force: true });
  const page = Buffer.alloc(4096, 1);
  const fd = openSync(ballast, 'w');
  let written = 0;
  try {
    for (;;) written += writeSync(fd, page);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  }
  closeSync(fd);
  rmSync(ballast);
  const again = openSync(ballast, 'w');
  for (let left = written - freeBytes; left > 0; left -= page.length) writeSync(again, page);
  closeSync(again);
}
