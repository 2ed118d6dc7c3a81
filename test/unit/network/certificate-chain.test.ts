import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { isTrustedByFile } from '../../../src-main/network/certificate-chain.ts';
import { caPem } from './network-scene.ts';

const pem = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url)), 'utf8');
const nowMs = Date.UTC(2026, 10, 25);

it('a certificate is trusted by its authority’s file, for its names and its time', () => {
  const chain = [pem('packages')];
  expect(isTrustedByFile(caPem, chain, 'packages.example', nowMs)).toBe(true);
  expect(isTrustedByFile(caPem, [...chain, caPem], 'packages.example', nowMs)).toBe(true);
  expect(isTrustedByFile(caPem, chain, 'other.example', nowMs)).toBe(false);
  expect(isTrustedByFile(caPem, chain, 'packages.example', Date.UTC(2200, 0))).toBe(false);
  expect(isTrustedByFile(caPem, [pem('expired')], 'packages.example', nowMs)).toBe(false);
});

it('nothing else makes one trusted: no other authority, no issuer that may not issue, no bytes', () => {
  // A server's own certificate is no authority, even named as one.
  expect(isTrustedByFile(pem('packages'), [pem('packages')], 'packages.example', nowMs)).toBe(false);
  expect(isTrustedByFile(caPem, [], 'packages.example', nowMs)).toBe(false);
  expect(
    isTrustedByFile(
      caPem,
      ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
      'packages.example',
      nowMs,
    ),
  ).toBe(false);
  expect(isTrustedByFile('', [pem('packages')], 'packages.example', nowMs)).toBe(false);
});
