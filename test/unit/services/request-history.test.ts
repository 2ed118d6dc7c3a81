import { describe, expect, it } from 'vitest';
import type { GatewayRequestEvent } from '../../../shared/model/gateway.ts';
import { RequestHistory } from '../../../src-main/services/request-history.ts';

const bucketMs = 10_000;
const event = (atMs: number, outcome: GatewayRequestEvent['outcome'] = 'allow') =>
  ({ atMs, outcome }) as GatewayRequestEvent;

describe('the history of requests', () => {
  it('counts a request when it began, though it is told after later ones', () => {
    const history = new RequestHistory(() => 60 * bucketMs);
    const [early, late] = [50 * bucketMs, 60 * bucketMs];
    for (const atMs of [early, late, early, late]) history.add(event(atMs));
    history.add(event(late, 'deny'));
    const counted = history.buckets().filter(({ allowed, denied }) => allowed + denied > 0);
    expect(counted).toEqual([
      { atMs: early, allowed: 2, denied: 0 },
      { atMs: late, allowed: 2, denied: 1 },
    ]);
  });

  it('keeps ten minutes, whatever is told late', () => {
    let nowMs = 0;
    const history = new RequestHistory(() => nowMs);
    for (let step = 0; step < 200; step += 1) {
      nowMs = step * bucketMs;
      history.add(event(nowMs));
      history.add(event(Math.max(0, nowMs - 90 * bucketMs)));
    }
    expect(history.buckets().map(({ allowed }) => allowed)).toEqual(Array.from({ length: 60 }, () => 1));
  });
});
