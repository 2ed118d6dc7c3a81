/** `upload-time` (PEP 700) of files whose upstream gives none. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fakeUpstream, htmlAnswer, indexUrl, jsonPage, scene } from './pypi-scene.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-file-times-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const acme = `${indexUrl}acme/`;
const upstream = { type: 'url', url: indexUrl } as const;
const dayMs = 86_400_000;
const name = (version: string): string => `acme-${version}-py3-none-any.whl`;
const link = (version: string, digest = 'aa'): string =>
  `<a href="${name(version)}#sha256=${digest.repeat(32)}">${name(version)}</a>`;
const at = (files: Record<string, unknown>[]): unknown[] => files.map((file) => file['upload-time']);

it('is the first sight, kept for good, over a restart and for each content of its own', async () => {
  const fake = fakeUpstream({ [acme]: htmlAnswer(`<body>${link('1.0')}</body>`) });
  const first = scene(upstream, fake.open, dataDir);
  expect(at(await first.files('acme'))).toEqual(['2026-11-01T00:00:00.000Z']);
  fake.answers.set(acme, htmlAnswer(`<body>${link('1.0')}${link('2.0')}</body>`));
  first.clock.nowMs += dayMs;
  const times = ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'];
  expect(at(await first.files('acme'))).toEqual(times);
  const second = scene(upstream, fake.open, dataDir);
  second.clock.nowMs += 5 * dayMs;
  expect(at(await second.files('acme'))).toEqual(times);
  fake.answers.set(acme, htmlAnswer(`<body>${link('1.0', 'bb')}${link('2.0')}</body>`));
  second.clock.nowMs += dayMs;
  expect(at(await second.files('acme'))).toEqual(['2026-11-07T00:00:00.000Z', times[1]]);
});

it('is at the first look what the upstream says that the page was made, and its own where it has one', async () => {
  const page = htmlAnswer(`<body>${link('1.0')}</body>`);
  const made = { ...page.headers, 'last-modified': 'Sat, 10 Oct 2026 00:00:00 GMT' };
  const fake = fakeUpstream({ [acme]: { ...page, headers: made } });
  const { files, clock } = scene(upstream, fake.open);
  expect(at(await files('acme'))).toEqual(['2026-10-10T00:00:00.000Z']);
  clock.nowMs += dayMs;
  const own = { filename: name('3.0'), url: name('3.0'), hashes: {}, 'upload-time': '2020-01-01T00:00:00Z' };
  fake.answers.set(acme, jsonPage('acme', [own, { filename: name('2.0'), url: name('2.0'), hashes: {} }]));
  expect(at(await files('acme'))).toEqual(['2020-01-01T00:00:00Z', '2026-11-02T00:00:00.000Z']);
});

it('is the first sight where the upstream names a moment that does not exist', async () => {
  const odd = ['2026-13-45T99:99:99Z', '2026-00-01T00:00:00Z', '2026-01-01T25:00:00Z'].map((time, minor) => {
    const filename = name(`1.${minor}`);
    return { filename, url: filename, hashes: {}, 'upload-time': time };
  });
  const { files } = scene(upstream, fakeUpstream({ [acme]: jsonPage('acme', odd) }).open);
  expect(new Set(at(await files('acme')))).toEqual(new Set(['2026-11-01T00:00:00.000Z']));
});
