/** What goes wrong inside, and who is told. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { noPolicies } from '../../../src-main/gateway/policy-scope.ts';
import { RequestPipeline } from '../../../src-main/gateway/request-pipeline.ts';
import { BundleTables } from '../../../src-main/gateway/tables.ts';
import { bundleOf, channelOf, nowMs, someToken, tokenOf } from './gateway-scene.ts';

it.each([new Error('broken'), new DOMException('stopped', 'AbortError')])(
  'a 500 has its cause in the log: %s',
  async (cause) => {
    const channel = channelOf('internal', { type: 'folder', path: '/' });
    const token = someToken();
    const tables = new BundleTables();
    await tables.load(bundleOf(1, [channel], [[token.text, tokenOf(token.id, [channel])]]));
    const handler = { handle: () => Promise.reject(cause) };
    const failures: unknown[] = [];
    const pipeline = new RequestPipeline({
      now: () => nowMs,
      handlers: { conda: handler, pypi: handler },
      tables,
      trustedProxies: () => [],
      publicUrl: () => undefined,
      localUrl: () => '',
      answerProbe: () => undefined,
      report: () => undefined,
      record: () => undefined,
      isClosing: () => undefined,
      after: () => () => undefined,
      scopeOf: () => noPolicies,
      decisionOf: () => undefined,
      onFailure: (error) => failures.push(error),
    });
    const server = createServer((req, res) => pipeline.handle(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { status } = await fetch(`http://127.0.0.1:${port}/conda/internal/noarch/repodata.json`, {
      headers: { authorization: `Bearer ${token.text}`, connection: 'close' },
    });
    expect(status).toBe(500);
    expect(failures).toEqual([cause]);
    server.close();
  },
);
