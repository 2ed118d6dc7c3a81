import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets all that this process starts share what Node made of our sources. Hundreds of gateways, commands and threads
 * strip and compile the same files each, which was up to half of what a test of them cost. Node looks up a file by its
 * contents. A folder that was handed down is kept.
 * @returns what removes the folder, if this call made it
 */
export function useCompileCache(): () => void {
  if (process.env['NODE_COMPILE_CACHE'] !== undefined) return () => undefined;
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-test-compiled-'));
  process.env['NODE_COMPILE_CACHE'] = dir;
  return () => {
    delete process.env['NODE_COMPILE_CACHE'];
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
}
