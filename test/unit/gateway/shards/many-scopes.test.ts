import { expect, it } from 'vitest';
import type { CondaIndexes } from '../../../../src-main/gateway/conda/index-documents.ts';
import type { ServedIndex } from '../../../../src-main/gateway/conda/served-index.ts';
import { NotShardedError } from '../../../../src-main/gateway/conda/shards/make-shards.ts';
import { ShardDocuments } from '../../../../src-main/gateway/conda/shards/shard-documents.ts';
import { ShardStore } from '../../../../src-main/gateway/conda/shards/shard-store.ts';
import type { Documents } from '../../../../src-main/gateway/documents/documents.ts';
import type { ChannelRequest } from '../../../../src-main/gateway/types.ts';

it('of many teams at once those that would wait for long get the whole index; who has read one waits for its shards', async () => {
  let end = () => {};
  const ended = new Promise<never>((_, reject) => (end = () => reject(new NotShardedError())));
  ended.catch(() => undefined);
  let asked = 0;
  const indexes = {
    ofServed: (_request: ChannelRequest, answer: (served: ServedIndex) => unknown) => {
      asked += 1;
      return answer({
        document: { digest: 'd' },
        scopeKey: `${asked}`,
        listed: () => ended,
      } as unknown as ServedIndex);
    },
  } as unknown as CondaIndexes;
  const documents = {
    shards: new ShardStore(() => 0, 1e6),
    threads: { lane: () => ({ load: 0 }) },
  } as unknown as Documents;
  const shards = new ShardDocuments(documents, indexes);
  const request = { channel: { id: 'c' }, segments: ['noarch', 'x'] } as unknown as ChannelRequest;
  let answered = 0;
  const waiting = Array.from({ length: 5 }, () => shards.index(request).finally(() => (answered += 1)));
  expect((await shards.index(request)).status).toBe(404);
  const shard = shards.shard(request, 'a').finally(() => (answered += 1));
  expect((await shards.index({ ...request, channel: { id: 'c' } } as ChannelRequest)).status).toBe(404);
  expect(answered).toBe(0);
  end();
  expect((await Promise.all([...waiting, shard])).map(({ status }) => status)).toEqual(
    Array.from({ length: 6 }, () => 404),
  );
});
