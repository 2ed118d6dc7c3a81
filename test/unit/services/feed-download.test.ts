import { readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { UpstreamResponse } from '../../../src-main/gateway/types.ts';
import { downloadFeed } from '../../../src-main/services/feed-download.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const url = 'https://feeds.example/list';

async function download(
  pieces: Iterable<string>,
  { kind = 'epss', now = () => 0, ...more }: Partial<UpstreamResponse> & DownloadMore = {},
) {
  const dir = tempDir();
  const body = Readable.from(
    (function* () {
      for (const piece of pieces) yield Buffer.from(piece);
    })(),
  );
  const answer = { status: 200, headers: {}, body, finalUrl: url, endsWithConnection: false, ...more };
  const asked = downloadFeed(() => Promise.resolve(answer), { url, kind }, {}, dir, AbortSignal.any([]), now);
  const result: unknown = await asked.catch((error: unknown) => error);
  return { result, body, files: readdirSync(dir) };
}
type DownloadMore = { readonly kind?: 'epss' | 'osv'; readonly now?: () => number };

it('a feed that drips is given up after a minute, however long it goes on', async () => {
  let nowMs = 0;
  const drip = function* () {
    for (;;) {
      nowMs += 5000;
      yield 'x';
    }
  };
  const { result, body, files } = await download(drip(), { now: () => nowMs });
  expect(result).toMatchObject({
    problem: { code: 'too-slow', place: url, detail: '12 bytes in 65 seconds' },
  });
  expect([body.destroyed, files]).toEqual([true, []]);
});

it('a slow line is waited for', async () => {
  let nowMs = 0;
  const slow = function* () {
    for (let count = 0; count < 20; count += 1) {
      nowMs += 10_000;
      yield 'x'.repeat(200_000);
    }
  };
  expect((await download(slow(), { now: () => nowMs })).result).toMatchObject({ status: 'fetched' });
});

it('lines of which nobody says where they end are refused: a half looks whole', async () => {
  const lines = ['cve,epss\n', 'CVE-2020-1234,0.5\n'];
  const { result, body, files } = await download(lines, { endsWithConnection: true });
  expect(result).toMatchObject({ problem: { code: 'not-fetched', place: url } });
  expect([body.destroyed, files]).toEqual([true, []]);
  expect((await download(lines)).result).toMatchObject({ status: 'fetched' });
  // What is cut of a document is seen.
  expect((await download(['{}'], { kind: 'osv', endsWithConnection: true })).result).toMatchObject({
    status: 'fetched',
  });
});
