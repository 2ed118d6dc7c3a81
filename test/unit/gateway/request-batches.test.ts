import { describe, expect, it } from 'vitest';
import type { GatewayRequestEvent } from '../../../shared/model/gateway.ts';
import type { TokenId } from '../../../shared/model/ids.ts';
import type { RequestBatch } from '../../../src-main/gateway/protocol.ts';
import { RequestBatches } from '../../../src-main/gateway/request-batches.ts';
import { TokenUseCounter } from '../../../src-main/gateway/token-uses.ts';
import { GatewayMeter } from '../../../src-main/services/gateway-meter.ts';
import type { UsageStore } from '../../../src-main/services/usage.ts';

const event = (more: Partial<GatewayRequestEvent>): GatewayRequestEvent => ({
  atMs: 1000,
  method: 'GET',
  path: '/conda/internal/x',
  status: 200,
  reason: '',
  outcome: 'allow',
  tokenId: 'AAAAAAAA' as TokenId,
  client: 'pip/26.3',
  address: '192.0.2.1',
  bytes: 10,
  durationMs: 1,
  ...more,
});
const health = { loopDelayMs: 0, rssBytes: 0, lostLogLines: 0, channels: [] };

describe('requests that are told to the parent', () => {
  it('are one by one as many as are shown, and sums beyond', () => {
    const batches: RequestBatch[] = [];
    const told = new RequestBatches(
      (batch) => batches.push(batch),
      () => health,
    );
    for (let index = 0; index < 500; index += 1) {
      told.add(
        index % 2 === 0
          ? event({ atMs: 1000 + index })
          : event({ outcome: 'deny', cause: 'access.channel', client: 'uv/0.13', atMs: 1000 + index }),
      );
    }
    told.flush();
    const [batch] = batches;
    expect(batch?.events).toHaveLength(200);
    expect(batch?.untold).toEqual({
      allowed: 150,
      denied: 150,
      errors: 0,
      bytes: 3000,
      causes: [{ outcome: 'deny', cause: 'access.channel', count: 150 }],
    });
    expect(batch?.untoldUses).toMatchObject([
      { client: 'pip/26.3', requests: 150, allowed: 150, denied: 0, firstAtMs: 1200, lastAtMs: 1498 },
      { client: 'uv/0.13', requests: 150, allowed: 0, denied: 150, bytes: 1500 },
    ]);
  });

  it('are all counted by the parent, by outcome and cause', () => {
    const uses: number[] = [];
    const usage = {
      record: () => uses.push(1),
      recordUses: ({ requests }: { requests: number }) => uses.push(requests),
      flush: () => undefined,
    } as unknown as UsageStore;
    const meter = new GatewayMeter({ now: () => 2000, usage, notify: () => undefined });
    const told = new RequestBatches(
      (batch) => meter.take(batch),
      () => health,
    );
    for (let index = 0; index < 300; index += 1) told.add(event({}));
    told.add(event({ outcome: 'error', status: 400, cause: 'request.path' }));
    told.flush();
    expect(meter.counts()).toEqual({
      allowed: 300,
      denied: 0,
      errors: 1,
      bytes: 3010,
      causes: [{ outcome: 'error', cause: 'request.path', count: 1 }],
      policies: [],
    });
    expect(uses.reduce((sum, count) => sum + count, 0)).toBe(301);
    expect(meter.requests().history.reduce((sum, bucket) => sum + bucket.allowed, 0)).toBe(300);
    meter.close();
  });
});

it('sums of tokens’ uses are bounded, however many clients there are', () => {
  const counter = new TokenUseCounter();
  for (let index = 0; index < 10_000; index += 1) counter.add(event({ client: `client-${index}` }));
  expect(counter.all()).toHaveLength(2000);
  expect(counter.all().reduce((sum, { requests }) => sum + requests, 0)).toBe(10_000);
});

it('a token with many clients leaves room for the uses of others', () => {
  const counter = new TokenUseCounter();
  for (let index = 0; index < 3_000; index += 1) counter.add(event({ client: `client-${index}` }));
  const other = 'ZyXw9876' as TokenId;
  counter.add(event({ tokenId: other, atMs: 77 }));
  expect(counter.all().filter((uses) => uses.tokenId === other)).toMatchObject([
    { requests: 1, lastAtMs: 77 },
  ]);
});
