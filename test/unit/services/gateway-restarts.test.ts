import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settings as settingsSchema } from '../../../shared/contract/settings-views.ts';
import { directNetwork } from '../../../src-main/network/network-config.ts';
import { GatewayRunner, restartDelayMs } from '../../../src-main/services/gateway-runner.ts';
import type { InProcessGateway } from '../../support/in-process-gateway.ts';
import { inProcessGateway } from '../../support/in-process-gateway.ts';

describe('the wait before a gateway that died is started again', () => {
  it('doubles from a quarter of a second to four seconds, and no further', () => {
    expect([1, 2, 3, 4, 5, 6, 100, 10_000].map(restartDelayMs)).toEqual([
      250, 500, 1000, 2000, 4000, 4000, 4000, 4000,
    ]);
  });
});

describe('a gateway that dies again and again', () => {
  let gateways: InProcessGateway;
  let runner: GatewayRunner;
  let nowMs: number;
  /** How many deaths in a row each wait was for. */
  let waits: number[];
  beforeEach(() => {
    nowMs = 0;
    waits = [];
    gateways = inProcessGateway();
    runner = new GatewayRunner({
      launch: gateways.launch,
      settings: () => settingsSchema.parse({ gateway: { port: 0 } }).gateway,
      network: () => directNetwork,
      ownPorts: () => [],
      now: () => nowMs,
      feed: { attach: () => Promise.resolve(), bundle: () => undefined, detach: () => undefined },
      onBatch: () => undefined,
      onChange: () => undefined,
      accessLog: false,
      dataDir: join(tmpdir(), 'latchkey-gateway-restarts'),
      requestLogDir: join(tmpdir(), 'latchkey-gateway-restarts', 'request-log'),
      identity: () => undefined,
      backOffMs: (deaths) => {
        waits.push(deaths);
        return 0;
      },
    });
  });
  afterEach(() => runner.stop());

  async function dieAfter(livedMs: number): Promise<void> {
    nowMs += livedMs;
    const before = gateways.started();
    gateways.crash();
    expect(runner.address()).toBeUndefined();
    await vi.waitFor(() => expect(runner.address()).toBeDefined());
    expect(gateways.started()).toBe(before + 1);
  }

  it('waits longer each time, and as after the first one when it had lived for a minute', async () => {
    await runner.start();
    await dieAfter(0);
    await dieAfter(59_999);
    await dieAfter(1000);
    await dieAfter(60_000);
    await dieAfter(0);
    expect(waits).toEqual([1, 2, 3, 1, 2]);
  });
});
