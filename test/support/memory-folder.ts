import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const inMemory = '/dev/shm';
/** Half of the memory of a computer that can spare it; a container's own share is far smaller. */
const leastFreeBytes = 4 * 1024 ** 3;

/**
 * Lets the temporary folders of this process, and of all that it starts, stand in memory where there is room. Unit tests
 * write thousands of small files and wait for each to reach the disk, of which none of them can tell whether it has:
 * half of their time. The other steps, and `npm run soak`, stay on the disk.
 * @returns what removes the folder, if this call made it
 */
export function useMemoryForTemp(): () => void {
  if (process.env['TMPDIR'] !== undefined || freeBytes() < leastFreeBytes) return () => undefined;
  const dir = mkdtempSync(join(inMemory, 'latchkey-test-'));
  process.env['TMPDIR'] = dir;
  return () => {
    delete process.env['TMPDIR'];
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
}

function freeBytes(): number {
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    return process.platform === 'linux' ? bavail * bsize : 0;
  } catch {
    return 0;
  }
}
