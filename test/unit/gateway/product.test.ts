import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { clientProduct, validHost } from '../../../src-main/gateway/client-facts.ts';
import { productVersion } from '../../../src-main/gateway/product.ts';

it('names itself to upstreams with the version of package.json', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(productVersion).toBe(version);
});

it.each([
  ['pip/26.3 {"ci":null}', 'pip/26.3'],
  ['', ''],
  [undefined, ''],
  ['x-'.repeat(50), 'x-'.repeat(32)],
  ['\u0007bell', ''],
])('takes the first product of %j', (agent, product) => {
  expect(clientProduct(agent)).toBe(product);
});

it.each([
  ['127.0.0.1:8700', true],
  ['[::1]:8700', true],
  ['packages.example.test', true],
  ['evil.test/path', false],
  ['user@evil.test', false],
  ['a b', false],
  ['"><script>', false],
])('puts the Host %s into a link: %s', (host, isValid) => {
  expect(validHost(host)).toBe(isValid ? host : undefined);
});
