/** node:crypto, which reads and writes here, and jose, which knows JOSE: the same verdict over good and bad texts. */
import { createPublicKey, createSecretKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { compactDecrypt, CompactEncrypt, CompactSign, compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { decodeCanonical, FormError, splitCompact } from '../../../src-main/base/compact.ts';
import { checkLine, openContent } from '../../../src-main/vault/line-check.ts';
import { contentBinding } from '../../../src-main/vault/line.ts';
import { openTextNow, sealTextNow } from '../../../src-main/base/seal-text.ts';
import { isSignedBy, signText, VerifyKeys } from '../../../src-main/vault/sign.ts';
import { jcs, random } from './line-tools.ts';

const vaultId = 'AAAAAAAAAAAAAAAAAAAAAA';
const pair = generateKeyPairSync('ed25519');
const jwk = pair.privateKey.export({ format: 'jwk' }) as { kty: 'OKP'; crv: 'Ed25519'; x: string; d: string };
const publicJwk = { kty: 'OKP', crv: 'Ed25519', x: jwk.x } as const;
const orgKey = random(32);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const payloadFor = (text: string) => {
  const seq = 7;
  return {
    v: 1,
    vault: vaultId,
    seq,
    prev: 'A'.repeat(43),
    epoch: 0,
    atMs: 1,
    clear: {},
    jwe: sealTextNow(orgKey, text, contentBinding(vaultId, seq, 0), random),
  };
};
const lineFor = (text: string) => signText(jwk, 'lk-line', 'ada.1', jcs(payloadFor(text)));

/** What the log reads of a line: whether its signature holds. */
const ours = (line: string): boolean => {
  const checked = checkLine(line, { keys: new VerifyKeys(), keyOf: () => publicJwk });
  return checked.isLine && checked.tried?.holds === true;
};
const joses = async (line: string): Promise<boolean> => {
  // jose takes other spellings of the same bytes, which the log refuses before it looks at the signature.
  if (!(splitCompact(line, 3)?.every((part) => decodeCanonical(part) !== undefined) ?? false)) return false;
  try {
    const { protectedHeader } = await compactVerify(line, await importJWK({ ...publicJwk }, 'EdDSA'), {
      algorithms: ['EdDSA'],
    });
    return protectedHeader['typ'] === 'lk-line' && typeof protectedHeader['kid'] === 'string';
  } catch {
    return false;
  }
};

/** One character more, less or other, anywhere. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  how: fc.constantFrom('replace', 'insert', 'remove', 'swap'),
  character: fc.constantFrom(...alphabet, '.', '=', ' ', 'é'),
});
function mutated(
  text: string,
  { at, how, character }: { at: number; how: string; character: string },
): string {
  const index = Math.min(text.length - 1, Math.floor(at * text.length));
  const [before, here = '', after] = [text.slice(0, index), text[index], text.slice(index + 1)];
  if (how === 'insert') return before + character + here + after;
  if (how === 'remove') return before + after;
  if (how === 'swap') return before + (after[0] ?? '') + here + after.slice(1);
  return before + character + after;
}

describe('signatures', () => {
  it('of ours hold for jose, and jose’s for us', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const line = lineFor(text);
        expect(await joses(line)).toBe(true);
        expect(ours(line)).toBe(true);
        const theirs = await new CompactSign(new TextEncoder().encode(jcs(payloadFor(text))))
          .setProtectedHeader({ alg: 'EdDSA', kid: 'ada.1', typ: 'lk-line' })
          .sign(await importJWK({ ...jwk }, 'EdDSA'));
        expect(ours(theirs)).toBe(true);
        expect(isSignedBy(createPublicKey(pair.privateKey), theirs)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('get the same verdict from both over 2,000 changed lines', async () => {
    const lines = ['', 'a', 'ünïcode', 'x'.repeat(500)].map(lineFor);
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...lines), mutation, async (line, change) => {
        const text = mutated(line, change);
        const verdict = ours(text);
        if (verdict) accepted += 1;
        expect(await joses(text), text).toBe(verdict);
        expect(verdict).toBe(text === line);
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeLessThan(200);
  });

  it('are refused by both when their second half is not reduced (the same signature in another spelling)', async () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const [header, payload, signature = ''] = lineFor('a').split('.');
    const bytes = Buffer.from(signature, 'base64url');
    const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
    const half = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
    const line = `${header}.${payload}.${Buffer.concat([bytes.subarray(0, 32), half]).toString('base64url')}`;
    expect(ours(line)).toBe(false);
    expect(await joses(line)).toBe(false);
  });
});

describe('ciphertexts', () => {
  const binding = contentBinding(vaultId, 7, 0);
  const sealedBy = (text: string) => sealTextNow(orgKey, text, binding, random);
  const oursOpens = (jwe: string): string | undefined => {
    try {
      return openTextNow(createSecretKey(orgKey), jwe, binding);
    } catch (error) {
      if (error instanceof FormError || error instanceof Error) return undefined;
      throw error;
    }
  };
  const joseOpens = async (jwe: string): Promise<string | undefined> => {
    if (!(splitCompact(jwe, 5)?.every((part) => decodeCanonical(part) !== undefined) ?? false))
      return undefined;
    try {
      const { plaintext, protectedHeader } = await compactDecrypt(jwe, orgKey, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      if (jcs(protectedHeader['lk']) !== jcs(binding)) return undefined;
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext);
    } catch {
      return undefined;
    }
  };

  it('of ours open with jose, and jose’s with us', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        expect(await joseOpens(sealedBy(text))).toBe(text);
        const theirs = await new CompactEncrypt(new TextEncoder().encode(text))
          .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', lk: JSON.parse(jcs(binding)) })
          .encrypt(orgKey);
        expect(oursOpens(theirs)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('get the same verdict from both over 2,000 changed texts', async () => {
    const texts = ['', 'a', 'ünïcode', 'x'.repeat(500)].map(sealedBy);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...texts), mutation, async (jwe, change) => {
        const text = mutated(jwe, change);
        expect(oursOpens(text), text).toBe(await joseOpens(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('do not open at another place, under another key, with a shorter tag or another algorithm', async () => {
    const good = sealedBy('{}');
    expect(oursOpens(good)).toBe('{}');
    expect(() => openTextNow(orgKey, good, contentBinding(vaultId, 8, 0))).toThrow(FormError);
    expect(() => openTextNow(random(32), good, binding)).toThrow();
    const parts = good.split('.');
    const cut = (bytes: number) =>
      [
        ...parts.slice(0, 4),
        Buffer.from(parts[4] ?? '', 'base64url')
          .subarray(0, bytes)
          .toString('base64url'),
      ].join('.');
    for (const length of [0, 4, 12, 15]) expect(oursOpens(cut(length))).toBeUndefined();
    const other = await new CompactEncrypt(new Uint8Array(2))
      .setProtectedHeader({ alg: 'A256GCMKW', enc: 'A256GCM', lk: JSON.parse(jcs(binding)) })
      .encrypt(orgKey);
    expect(oursOpens(other)).toBeUndefined();
    expect(openContent({ ...payloadFor('{}'), clear: {}, v: 1, epoch: 0 } as never, random(32)).ok).toBe(
      false,
    );
  });
});
