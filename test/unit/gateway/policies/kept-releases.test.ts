import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../../shared/model/ids.ts';
import type { PolicyScope } from '../../../../src-main/gateway/types.ts';
import { ReleasesFile } from '../../../../src-main/gateway/kept-releases.ts';
import type { WaitingFile } from '../../../../src-main/gateway/waiting.ts';
import { SpokenBook } from '../../../../src-main/gateway/spoken-book.ts';
import { cleanTempDirs, tempDir } from '../../../support/temp-dir.ts';
import { policyOf } from './policies.ts';

cleanTempDirs();
const hourMs = 3_600_000;
const young = {
  rule: 'package.too-young',
  mode: 'enforce',
  policyName: 'p',
  evidence: { publishedAtMs: 0, minDays: 1 },
} as const;
const waiting = (version: string, more: object = {}): WaitingFile => ({
  channelId: 'main' as ChannelId,
  name: 'tool',
  version,
  filename: `tool-${version}-0.conda`,
  reason: young,
  atMs: 24 * hourMs,
  ...more,
});
const scope = {
  policies: [policyOf([{ type: 'age', minDays: 1, unknown: 'deny' }])],
} as unknown as PolicyScope;
/** A form that denies these, and allows the rest. */
const says = (...denied: readonly WaitingFile[]) => ({
  isAllowed: (filename: string) => denied.every((one) => one.filename !== filename),
  denied: () =>
    Promise.resolve({
      files: denied.map(({ name, version, filename }) => ({
        name,
        version,
        filename,
        isHidden: true,
        reasons: [young],
      })),
      total: denied.length,
    }),
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('releases over a restart', () => {
  it('go on where the last gateway was: what waited is compared with the next form', async () => {
    const path = join(tempDir(), 'gateway', 'releases.json');
    const first = new SpokenBook(() => hourMs, new ReleasesFile(path));
    first.made('main' as ChannelId, 'noarch/repodata.json', scope, {}, says(waiting('1'), waiting('2')));
    await settled();
    await first.close();
    let nowMs = 2 * hourMs;
    const next = new SpokenBook(() => nowMs, new ReleasesFile(path));
    expect(next.releases(10).upcoming.map(({ version }) => version)).toEqual(['1', '2']);
    nowMs = 30 * hourMs;
    next.made('main' as ChannelId, 'noarch/repodata.json', scope, {}, says(waiting('2')));
    await settled();
    await next.close();
    const last = new SpokenBook(() => nowMs, new ReleasesFile(path));
    expect(last.releases(10).released.map(({ version }) => version)).toContain('1');
    expect(readdirSync(join(path, '..'))).toEqual(['releases.json']);
  });

  it('are none of a file that is not ours, or broke off, and stay writable then', async () => {
    const folder = tempDir();
    const path = join(folder, 'releases.json');
    const good = {
      format: 1,
      waiting: [{ key: 'k', policies: 'p', total: 1, files: [waiting('1')] }],
      released: [],
    };
    const text = JSON.stringify(good);
    const bad = [
      text.slice(0, -10),
      '',
      'null',
      '[]',
      JSON.stringify({ ...good, format: 2 }),
      JSON.stringify({ ...good, waiting: { length: 3 } }),
      text.replace('package.too-young', 'package.listed'),
      text.replace('"minDays":1', '"minDays":"1"'),
      text.replace('"tool"', '7'),
      text.replace('86400000', '"soon"'),
      ' '.repeat(5 * 1024 * 1024) + text,
    ];
    for (const one of bad) {
      writeFileSync(path, one);
      const book = new SpokenBook(() => 0, new ReleasesFile(path));
      expect(book.releases(10), one.slice(0, 100)).toEqual({ upcoming: [], upcomingTotal: 0, released: [] });
    }
    writeFileSync(path, text);
    expect(new SpokenBook(() => 0, new ReleasesFile(path)).releases(10).upcoming).toHaveLength(1);
    const other = join(folder, 'a-folder');
    mkdirSync(other);
    const file = new ReleasesFile(other);
    file.changed(() => ({ waiting: [], released: [] }));
    await file.flush();
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('are bounded', async () => {
    const path = join(tempDir(), 'releases.json');
    const book = new SpokenBook(() => hourMs, new ReleasesFile(path));
    for (let document = 0; document < 30; document += 1) {
      const many = Array.from({ length: 300 }, (_, index) => waiting(`${document}.${index}`));
      book.made('main' as ChannelId, `d${document}/repodata.json`, scope, {}, says(...many));
    }
    await settled();
    await book.close();
    const kept = new ReleasesFile(path).load();
    expect(kept?.waiting.map(({ files }) => files.length)).toEqual(Array.from({ length: 10 }, () => 200));
    // The last ones.
    expect(kept?.waiting[0]?.key).toContain('d29/');
    expect(new SpokenBook(() => hourMs, new ReleasesFile(path)).releases(10).upcomingTotal).toBe(10 * 300);
  });
});
