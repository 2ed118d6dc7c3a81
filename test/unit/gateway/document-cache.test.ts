import { describe, expect, it } from 'vitest';
import { DocumentCache } from '../../../src-main/gateway/documents/document-cache.ts';
import type { Fetched, Weighed } from '../../../src-main/gateway/documents/document-cache.ts';
import { DocumentError } from '../../../src-main/gateway/documents/read-document.ts';
import { UpstreamError } from '../../../src-main/gateway/types.ts';

const mib = 1024 * 1024;
type Document = Weighed & { readonly name: string };
const documentOf = (name: string, weightBytes = mib): Fetched<Document> => ({
  type: 'value',
  value: { name, weightBytes },
  validators: { 'if-none-match': `"${name}"` },
});

function scene(maxBytes = 16 * mib) {
  const clock = { nowMs: 1_000_000 };
  const gone: string[] = [];
  const cache = new DocumentCache(
    () => clock.nowMs,
    maxBytes,
    (owner, name) => gone.push(`${owner}:${name}`),
  );
  const get = (owner: string, name: string, fetch: () => Promise<Fetched<Document>>, maxAgeMs = 0) =>
    cache.get<Document>(owner, name, maxAgeMs, fetch);
  return { cache, clock, gone, get };
}

describe('documents in memory', () => {
  it('are bounded over all channels; the least used of who has most goes first', async () => {
    const { get, cache, gone } = scene();
    for (let index = 0; index < 40; index += 1)
      // oxlint-disable-next-line no-await-in-loop
      await get(`channel-${index % 8}`, `page-${index}`, () => Promise.resolve(documentOf('x')));
    const kept = Array.from({ length: 40 }, (_, index) =>
      cache.peek(`channel-${index % 8}`, `page-${index}`),
    ).filter((document) => document !== undefined);
    expect(kept).toHaveLength(15);
    expect(gone).toHaveLength(25);
    expect(gone[0]).toBe('channel-0:page-0');
    const owners = Array.from({ length: 8 }, (_, owner) =>
      cache.peek(`channel-${owner}`, `page-${32 + owner}`),
    );
    expect(owners.every((document) => document !== undefined)).toBe(true);
  });

  it('of one channel fill half of it, and push nobody else out', async () => {
    const { get, cache } = scene();
    await get('small', 'page', () => Promise.resolve(documentOf('small')));
    for (let index = 0; index < 100; index += 1)
      // oxlint-disable-next-line no-await-in-loop
      await get('greedy', `page-${index}`, () => Promise.resolve(documentOf('x')));
    expect(cache.peek('small', 'page')).toBeDefined();
    const kept = Array.from({ length: 100 }, (_, index) => cache.peek('greedy', `page-${index}`)).filter(
      (document) => document !== undefined,
    );
    expect(kept).toHaveLength(7);
  });

  it('count as a whole, however long one of them is', () => {
    const { cache, gone } = scene();
    cache.put('a', 'long', { weightBytes: 12 * mib });
    expect(cache.peek('a', 'long')).toBeDefined();
    cache.put('b', 'page', { weightBytes: 3 * mib });
    expect(gone).toEqual([]);
    cache.put('b', 'other', { weightBytes: 3 * mib });
    expect(gone).toEqual(['a:long']);
    // Alone it may fill all; of its channel nothing else stays.
    cache.put('b', 'long', { weightBytes: 15 * mib });
    expect(gone).toEqual(['a:long', 'b:page', 'b:other']);
    cache.forget('b');
    cache.put('c', 'page', { weightBytes: 8 * mib });
    cache.put('d', 'page', { weightBytes: 7 * mib });
    expect(gone).toHaveLength(4);
    expect(cache.peek('c', 'page')).toBeDefined();
  });

  it('what is missing is kept too, and bounded', async () => {
    const { get, gone } = scene(mib);
    for (let index = 0; index < 3000; index += 1)
      // oxlint-disable-next-line no-await-in-loop
      await get('channel', `page-${index}`, () => Promise.resolve({ type: 'missing' }));
    expect(gone.length).toBeGreaterThan(1500);
  });

  it('that grow are weighed again', async () => {
    const { cache } = scene();
    const growing = { name: 'grows', weightBytes: mib };
    cache.put('b', 'other', { weightBytes: 7 * mib });
    cache.put('a', 'first', { weightBytes: 4 * mib });
    cache.put('a', 'page', growing);
    growing.weightBytes = 6 * mib;
    cache.growerOf('a', 'page')();
    expect([cache.peek('a', 'first'), cache.peek('a', 'page')]).toEqual([undefined, growing]);
    expect(cache.peek('b', 'other')).toBeDefined();
  });

  it('are fetched once, however many wait', async () => {
    const { get } = scene();
    let fetches = 0;
    let answer: (document: Fetched<Document>) => void = () => undefined;
    const fetch = () => {
      fetches += 1;
      return new Promise<Fetched<Document>>((resolve) => (answer = resolve));
    };
    const waits = Array.from({ length: 100 }, () => get('a', 'page', fetch));
    answer(documentOf('x'));
    expect((await Promise.all(waits)).map(({ value }) => value?.name)).toEqual(
      Array.from({ length: 100 }, () => 'x'),
    );
    expect(fetches).toBe(1);
  });

  it('are fresh for 30 seconds, then confirmed; what is missing is looked for again', async () => {
    const { cache, clock } = scene();
    const asked: object[] = [];
    const get = (fetched: Fetched<Document>) =>
      cache.get<Document>('a', 'page', 0, (validators) => {
        asked.push(validators);
        return Promise.resolve(fetched);
      });
    await get(documentOf('one'));
    clock.nowMs += 29_999;
    await get(documentOf('two'));
    expect(asked).toEqual([{}]);
    clock.nowMs += 1;
    expect((await get({ type: 'unchanged' })).value?.name).toBe('one');
    expect(asked).toEqual([{}, { 'if-none-match': '"one"' }]);
    // A clock that was set back confirms too.
    clock.nowMs -= 3_600_000;
    expect((await get({ type: 'missing' })).value).toBeUndefined();
    clock.nowMs += 30_000;
    expect((await get(documentOf('three'))).value?.name).toBe('three');
    expect(asked.slice(2)).toEqual([{ 'if-none-match': '"one"' }, {}]);
  });

  it('are given stale while the upstream is away, which is asked every five seconds', async () => {
    const { get, clock } = scene();
    let tries = 0;
    const away = () => {
      tries += 1;
      return Promise.reject(new UpstreamError(502, 'away'));
    };
    await expect(get('a', 'page', away)).rejects.toThrow('away');
    await get('a', 'page', () => Promise.resolve(documentOf('one')));
    clock.nowMs += 30_000;
    expect(await get('a', 'page', away)).toMatchObject({ value: { name: 'one' }, isStale: true });
    await get('a', 'page', away);
    expect(tries).toBe(2);
    clock.nowMs += 5_000;
    await get('a', 'page', away);
    expect(tries).toBe(3);
    clock.nowMs += 5_000;
    const refused = () => Promise.reject(new UpstreamError(502, 'refused', { isAway: false }));
    await expect(get('a', 'page', refused)).rejects.toThrow('refused');
  });

  it('that are none are read a few times, and then not for every client: again after five seconds, or where somebody insists', async () => {
    const { get, clock } = scene();
    let reads = 0;
    let isMended = false;
    const fetch = async (): Promise<Fetched<Document>> => {
      reads += 1;
      if (!isMended) throw new DocumentError('not-an-index', undefined);
      return await Promise.resolve(documentOf('mended'));
    };
    for (let asked = 0; asked < 10; asked += 1)
      // oxlint-disable-next-line no-await-in-loop
      await expect(get('a', 'page', fetch)).rejects.toThrow(DocumentError);
    expect(reads).toBe(3);
    await expect(get('a', 'page', fetch, -1)).rejects.toThrow(DocumentError);
    expect(reads).toBe(4);
    isMended = true;
    await expect(get('a', 'page', fetch)).rejects.toThrow(DocumentError);
    clock.nowMs += 5_000;
    await expect(get('a', 'page', fetch)).resolves.toMatchObject({ value: { name: 'mended' } });
    expect(reads).toBe(5);
  });

  it('that broke off are asked for again at once', async () => {
    const { get } = scene();
    let asked = 0;
    const fetch = async (): Promise<Fetched<Document>> => {
      asked += 1;
      if (asked === 1) throw new UpstreamError(502, 'Upstream broke off');
      return await Promise.resolve(documentOf('whole'));
    };
    await expect(get('a', 'page', fetch)).rejects.toThrow(UpstreamError);
    await expect(get('a', 'page', fetch)).resolves.toMatchObject({ value: { name: 'whole' } });
  });
});
