/** After a lock nothing in the memory of this process opens the log or signs for its operator. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const script = fileURLToPath(new URL('../../support/heap-around-lock.ts', import.meta.url));

/** A heap snapshot escapes what is not ASCII. */
const escaped = (text: string): string =>
  Array.from(JSON.stringify(text).slice(1, -1))
    .map((character) => {
      const code = character.charCodeAt(0);
      return code < 0x7f ? character : `\\u${code.toString(16).padStart(4, '0')}`;
    })
    .join('');

const spellings = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret, 'base64url');
  const latin1 = escaped(bytes.toString('latin1'));
  const standard = bytes.toString('base64').replace(/=+$/, '');
  return [secret, standard, bytes.toString('hex'), latin1, latin1.toUpperCase().replaceAll('\\U', '\\u')];
};

describe('a heap snapshot', () => {
  it('holds the keys before a lock, and none of them after it', async () => {
    const dir = tempDir();
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--expose-gc',
      script,
      join(dir, 'data'),
      join(dir, 'state'),
      dir,
    ]);
    const secrets = JSON.parse(stdout) as Record<string, string>;
    expect(Object.keys(secrets).toSorted()).toEqual([
      'checkpointKey',
      'org/0',
      'receiveKey',
      'signKey',
      'upstream/0',
    ]);
    const before = readFileSync(join(dir, 'before.heapsnapshot'), 'utf8');
    const after = readFileSync(join(dir, 'after.heapsnapshot'), 'utf8');
    // The search finds what is there.
    for (const name of ['signKey', 'receiveKey', 'checkpointKey'])
      expect(before.includes(secrets[name] ?? ''), name).toBe(true);
    for (const [name, secret] of Object.entries(secrets))
      for (const spelling of spellings(secret)) expect(after.includes(spelling), name).toBe(false);
  }, 120_000);
});
