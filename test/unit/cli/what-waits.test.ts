import { afterEach, describe, expect, it, vi } from 'vitest';
import type { VaultView } from '../../../shared/contract/vault-views.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import { tellingWhatWaits } from '../../../src-main/cli/what-waits.ts';

const said: string[] = [];
afterEach(() => said.splice(0));

/** A command that adds lines, beside a gateway that enforces so many each time it is asked. */
async function run(lines: number, enforced: readonly number[], thenLocked = false): Promise<string> {
  let isLocked = false;
  let seq = 10;
  let asked = 0;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const url = 'http://127.0.0.1:8700';
  const client = {
    vault: {
      info: async () => {
        if (isLocked) throw new LatchkeyError('VAULT_LOCKED', 'locked');
        return { seq } as VaultView;
      },
    },
    gateway: {
      find: async () => {
        const now = enforced[Math.min(asked++, enforced.length - 1)];
        return now === undefined
          ? ({ who: 'nothing', url } as const)
          : ({ who: 'ours', url, enforced: now } as const);
      },
    },
  };
  const result = await tellingWhatWaits(client, async () => {
    seq += lines;
    isLocked = thenLocked;
    return 'done';
  });
  expect(result).toBe('done');
  return said.join('');
}

describe('a command that changed something', () => {
  it('says that the gateway of a locked app has not taken it, and what counts there all the same', async () => {
    expect(await run(1, [10])).toBe(
      'latchkey: The gateway at http://127.0.0.1:8700 has not taken this change: its app is locked, or behind. What was revoked or removed counts there already; new tokens and changed scopes wait until someone unlocks the app.\n',
    );
  });

  it.each([
    ['the gateway has taken it', 1, [11]],
    ['the gateway takes it a moment later', 1, [10, 10, 11]],
    ['there is no gateway', 1, []],
    ['nothing was changed', 0, [10]],
  ])('says nothing when %s', async (_, lines, enforced) => {
    expect(await run(lines, enforced)).toBe('');
  });

  it('is done although the vault was locked right after it', async () => {
    expect(await run(1, [10], true)).toBe('');
  });
});
