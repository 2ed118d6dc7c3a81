import { afterEach, describe, expect, it, vi } from 'vitest';
import { tellingWhatWaits } from '../../../src-main/cli/what-waits.ts';

const said: string[] = [];
afterEach(() => said.splice(0));

/** A command that adds lines, beside a gateway that enforces so many each time it is asked. */
async function run(lines: number, enforced: readonly number[]): Promise<string> {
  let seq = 10;
  let asked = 0;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const app = {
    session: { isUnlocked: () => true, vault: () => ({ seq: () => seq }) },
    gateway: {
      enforced: async () => {
        const now = enforced[Math.min(asked++, enforced.length - 1)];
        return now === undefined ? undefined : { url: 'http://127.0.0.1:8700', seq: now };
      },
    },
  };
  const result = await tellingWhatWaits(app, async () => {
    seq += lines;
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
});
