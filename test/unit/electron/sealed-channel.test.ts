import { describe, expect, it } from 'vitest';
import { agreeWithPage } from '../../../src-main/hosts/electron/sealed-channel.ts';
import { isSealedMessage } from '../../../src-main/hosts/electron/sealed-message.ts';
import { agreeWithMain } from '../../../src-main/hosts/electron/sealed-page.ts';

async function bothSides() {
  let main: ReturnType<typeof agreeWithPage> | undefined;
  const page = await agreeWithMain(async (key) => {
    main = agreeWithPage(key);
    return main.publicKey;
  });
  return { page: page!, main: main!.seal };
}

const call = ['session.unlock', { passphrase: 'quiet-otter – lantern' }];

describe('the sealed channel', () => {
  it('carries a call and its answer, and shows neither', async () => {
    const { page, main } = await bothSides();
    const message = await page.seal(call);
    expect(Buffer.from(message.body).includes('otter')).toBe(false);
    expect(isSealedMessage(message)).toBe(true);
    expect(main.open(message)).toEqual(call);
    const answer = main.seal({ ok: true, value: null });
    expect(Buffer.from(answer.body).includes('value')).toBe(false);
    expect(await page.open(answer)).toEqual({ ok: true, value: null });
  });

  it('seals the same call differently each time', async () => {
    const { page } = await bothSides();
    expect((await page.seal(call)).body).not.toEqual((await page.seal(call)).body);
  });

  it('does not open what was changed, or sealed for another page', async () => {
    const { page, main } = await bothSides();
    const other = await bothSides();
    const message = await page.seal(call);
    expect(() => other.main.open(message)).toThrow();
    const changed = Uint8Array.from(message.body);
    changed[0]! ^= 1;
    expect(() => main.open({ ...message, body: changed })).toThrow();
    const answer = other.main.seal({ ok: true });
    await expect(page.open(answer)).rejects.toThrow();
  });

  it('takes no key that is no point of the curve', () => {
    for (const key of [new Uint8Array(0), new Uint8Array(65).fill(4), new Uint8Array(1_000)])
      expect(() => agreeWithPage(key)).toThrow();
  });

  it('makes no key where main refuses', async () => {
    expect(await agreeWithMain(async () => undefined)).toBeUndefined();
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    {},
    { iv: new Uint8Array(11), body: new Uint8Array(16) },
    { iv: new Uint8Array(12), body: new Uint8Array(15) },
    { iv: 'x'.repeat(12), body: 'x'.repeat(16) },
  ])('%o is no sealed message', (value) => {
    expect(isSealedMessage(value)).toBe(false);
  });
});
