import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const prefix = 'latchkey-test-state-';

/**
 * Lets this process, and all that it starts, remember logs in a folder of its own, so that a test neither writes into
 * the developer's state folder nor is told of logs that are remembered there. A folder of this kind that was handed
 * down is kept, so that the processes of one run share one.
 * @returns what removes the folder, if this call made it
 */
export function usePrivateStateDir(): () => void {
  if (basename(process.env['LATCHKEY_STATE_DIR'] ?? '').startsWith(prefix)) return () => undefined;
  const dir = mkdtempSync(join(tmpdir(), prefix));
  process.env['LATCHKEY_STATE_DIR'] = dir;
  return () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}
