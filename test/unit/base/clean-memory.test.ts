import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { searchMemory } from '../../support/process-memory.ts';

it.runIf(process.platform === 'linux')(
  'writes over secrets that were old when they were let go',
  { timeout: 60_000 },
  async () => {
    const secret = Buffer.from(`old-${Math.random().toString(36)}-secret`);
    const child = fork(join(import.meta.dirname, '../../support/old-secrets.ts'), [secret.toString('hex')]);
    const placesOf = () =>
      searchMemory([child.pid!], [{ name: 'old', bytes: secret }]).filter(({ as }) => as === 'raw');
    try {
      await once(child, 'message');
      expect(placesOf()).not.toEqual([]);
      child.send('clean');
      await once(child, 'message');
      expect(placesOf()).toEqual([]);
    } finally {
      child.kill('SIGKILL');
    }
  },
);
