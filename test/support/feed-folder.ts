import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readFeed } from '../../src-main/curation/feeds/read-feed.ts';
import type { ReadFeedJob } from '../../src-main/curation/feeds/read-feed.ts';

/** Real advisories, as objects. */
export const realAdvisories = ['pypi', 'exploited'].flatMap((name) =>
  readFileSync(join(import.meta.dirname, `../fixtures/advisories/${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly id: string; readonly aliases?: readonly string[] }),
);
export const realKev = readFileSync(join(import.meta.dirname, '../fixtures/advisories/kev.json'), 'utf8');

/** An OSV record about one package of PyPI. */
export const osvRecord = (id: string, more: object = {}) => ({
  id,
  modified: '2026-01-01T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'demo' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] }],
    },
  ],
  ...more,
});

/** A feed in a folder, read again and again as the app does. */
export class FeedFolder {
  readonly path: string;
  readonly #dir: string;
  readonly #kind: ReadFeedJob['kind'];
  #kept: string | undefined;
  #stamp: string | undefined;
  #sha256: string | undefined;
  #count = 0;

  constructor(dir: string, kind: ReadFeedJob['kind'] = 'osv') {
    this.#dir = dir;
    this.#kind = kind;
    this.path = join(dir, 'feed');
    mkdirSync(this.path, { recursive: true });
  }

  put(name: string, content: unknown): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
    );
  }

  async read(more: Partial<ReadFeedJob> = {}) {
    this.#count += 1;
    const toPath = join(this.#dir, `kept-${this.#count}.jsonl`);
    const read = await readFeed({
      kind: this.#kind,
      path: this.path,
      kept: this.#kept === undefined ? undefined : { path: this.#kept, sha256: this.#sha256 },
      lastStamp: this.#stamp,
      acceptShrunk: false,
      toPath,
      ...more,
    });
    if (read.status === 'read') {
      [this.#kept, this.#stamp, this.#sha256] = [toPath, read.stamp, read.sha256];
      const sha256 = createHash('sha256').update(readFileSync(toPath)).digest('hex');
      if (sha256 !== read.sha256) throw new Error('the digest is not that of the file');
    }
    return read;
  }

  get sha256(): string {
    return this.#sha256 ?? '';
  }

  get keptPath(): string {
    if (this.#kept === undefined) throw new Error('nothing was kept');
    return this.#kept;
  }

  /** What is kept, by id. */
  kept() {
    const lines = readFileSync(this.keptPath, 'utf8').trim().split('\n');
    const records = lines.map(
      (line) => JSON.parse(line) as { id: string; value: unknown; isGone?: true; isWithdrawn?: true },
    );
    return new Map(records.map((record) => [record.id, record]));
  }
}
