/** The gateway's process: what ends it, and what does not. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BundleToken } from '../../../shared/model/bundle.ts';
import { newGatewayIdentity, probePath, readProbeAnswer } from '../../../src-main/gateway/probe.ts';
import type { GatewayConfig, RequestBatch } from '../../../src-main/gateway/protocol.ts';
import { GatewayProcess } from '../../../src-main/services/gateway-process.ts';
import type { GatewayChildProcess } from '../../support/gateway-child.ts';
import { gatewayChild } from '../../support/gateway-child.ts';
import { bundleOf, channelOf, someToken, tokenOf } from './gateway-scene.ts';

const identity = newGatewayIdentity();
const token = someToken();
let dir: string;
let gateways: GatewayChildProcess;
let gateway: GatewayProcess;
let batches: RequestBatch[];
let deaths: string[];
let baseUrl: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-process-'));
  mkdirSync(join(dir, 'noarch'));
  writeFileSync(
    join(dir, 'noarch', 'repodata.json'),
    '{"info":{"subdir":"noarch"},"packages":{},"packages.conda":{}}',
  );
  writeFileSync(join(dir, 'noarch', 'big-1.0-0.conda'), '');
  // Larger than all buffers between here and there; sparse.
  truncateSync(join(dir, 'noarch', 'big-1.0-0.conda'), 64 * 1024 * 1024);
  batches = [];
  deaths = [];
});
afterEach(async () => {
  await gateway.stop(0);
  rmSync(dir, { recursive: true, force: true });
});

const channel = () => channelOf('internal', { type: 'folder', path: dir });
const bundle = (number: number, more: Partial<BundleToken> = {}) =>
  bundleOf(
    number,
    [channel()],
    [[token.text, tokenOf(token.id, [channel()], { expiresAtMs: Date.now() + 86_400_000, ...more })]],
  );

async function open(config: Partial<GatewayConfig> = {}): Promise<void> {
  gateways = gatewayChild();
  gateway = new GatewayProcess(
    gateways.launch,
    { host: '127.0.0.1', port: 0, accessLog: true, drainMs: 5_000, identity, ...config },
    { onBatch: (batch) => batches.push(batch), onDeath: (how) => deaths.push(how) },
  );
  expect(await gateway.load(bundle(1))).toEqual({ ok: true, number: 1 });
  ({ baseUrl } = await gateway.start());
}

const headers = { authorization: `Bearer ${token.text}` };
const statusOf = async (path = '/conda/internal/noarch/repodata.json'): Promise<number> =>
  fetch(`${baseUrl}${path}`, { headers }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 0,
  );

/** A download of which only the beginning is taken. */
async function beginDownload(): Promise<{ readonly end: () => Promise<'whole' | 'cut off'> }> {
  const request = get(`${baseUrl}/conda/internal/noarch/big-1.0-0.conda`, { headers });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  // A reset is told to both.
  request.on('error', () => undefined);
  expect(answer.statusCode).toBe(200);
  const ended = new Promise<'whole' | 'cut off'>((resolve) => {
    answer.on('error', () => resolve('cut off'));
    answer.on('end', () => resolve('whole'));
  });
  await once(answer, 'readable');
  return {
    end: () => {
      answer.resume();
      return ended;
    },
  };
}

describe('the gateway’s process', () => {
  it('enforces what it is sent, and tells of requests', async () => {
    await open();
    expect(await statusOf()).toBe(200);
    await gateway.apply({
      from: 1,
      number: 2,
      seq: 2,
      madeAtMs: 0,
      tokens: bundle(2, { revoked: { atMs: 1, reason: 'lost' } }).tokens,
    });
    expect(await statusOf()).toBe(403);
    await vi.waitFor(() =>
      expect(batches.flatMap(({ events }) => events).map(({ status }) => status)).toEqual([200, 403]),
    );
  });

  it('takes a bundle in many parts', async () => {
    await open();
    const tokens = Array.from({ length: 4_500 }, (_, index) => ({
      ...bundle(2).tokens[0]!,
      id: `AAAA${String(index).padStart(4, '0')}` as BundleToken['id'],
      digest: `digest-${index}`,
    }));
    expect(await gateway.load({ ...bundle(2), tokens: [...tokens, ...bundle(2).tokens] })).toEqual({
      ok: true,
      number: 2,
    });
    expect(await statusOf()).toBe(200);
  });

  it('ends when its parent goes', async () => {
    await open();
    const child = gateways.child();
    const exit = once(child, 'exit');
    child.disconnect();
    expect(await exit).toEqual([0, null]);
    expect(await statusOf()).toBe(0);
  });

  it('tells its parent that it died, and every call fails', async () => {
    await open();
    gateways.child().kill('SIGKILL');
    await vi.waitFor(() => expect(deaths).toEqual(['SIGKILL']));
    await expect(gateway.load(bundle(2))).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('says what keeps it from its port', async () => {
    await open();
    const { port } = new URL(baseUrl);
    const second = new GatewayProcess(
      gatewayChild().launch,
      { host: '127.0.0.1', port: Number(port), accessLog: false, drainMs: 0 },
      { onBatch: () => undefined, onDeath: () => undefined },
    );
    await expect(second.start()).rejects.toMatchObject({
      code: 'GATEWAY_PORT_IN_USE',
      details: { host: '127.0.0.1', port: Number(port) },
    });
    await second.stop(0);
  });

  it('goes on, and ends, with a log that nobody reads', async () => {
    await open();
    // The pipe and all buffers before it are full after some of these.
    for (let round = 0; round < 60; round += 1)
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(Array.from({ length: 50 }, () => statusOf(`/conda/${'x'.repeat(400)}`)));
    expect(await statusOf()).toBe(200);
    await vi.waitFor(() => expect(batches.at(-1)?.health.lostLogLines).toBeGreaterThan(0));
    const exit = once(gateways.child(), 'exit');
    await gateway.stop(1_000);
    expect(await exit).toEqual([0, null]);
  });

  it('goes on when the reader of its log went away', async () => {
    await open();
    gateways.child().stderr?.destroy();
    for (let round = 0; round < 5; round += 1)
      // oxlint-disable-next-line no-await-in-loop
      expect(await statusOf()).toBe(200);
  });

  it('goes on when the disk of its log is full', async () => {
    const { openSync, closeSync } = await import('node:fs');
    const full = openSync('/dev/full', 'w');
    gateways = gatewayChild(full);
    gateway = new GatewayProcess(
      gateways.launch,
      { host: '127.0.0.1', port: 0, accessLog: true, drainMs: 0 },
      { onBatch: (batch) => batches.push(batch), onDeath: (how) => deaths.push(how) },
    );
    await gateway.load(bundle(1));
    ({ baseUrl } = await gateway.start());
    for (let round = 0; round < 5; round += 1)
      // oxlint-disable-next-line no-await-in-loop
      expect(await statusOf()).toBe(200);
    await vi.waitFor(() => expect(batches.at(-1)?.health.lostLogLines).toBeGreaterThan(0));
    closeSync(full);
  });
});

describe('a running download', () => {
  it('ends when its token is revoked', async () => {
    await open();
    const download = await beginDownload();
    await gateway.apply({
      from: 1,
      number: 2,
      seq: 2,
      madeAtMs: 0,
      tokens: bundle(2, { revoked: { atMs: 1, reason: 'lost' } }).tokens,
    });
    expect(await download.end()).toBe('cut off');
  });

  it('ends when a line of the log denies it, though the vault is locked', async () => {
    await open();
    const download = await beginDownload();
    await gateway.deny([{ seq: 5, environments: ['dev'] }]);
    expect(await download.end()).toBe('cut off');
    expect(await statusOf()).toBe(403);
    // Only a bundle that was made of that line lifts it.
    await gateway.load({ ...bundle(2), seq: 5 });
    expect(await statusOf()).toBe(403);
    await gateway.load({ ...bundle(3), seq: 6 });
    expect(await statusOf()).toBe(200);
  });

  it('goes on where the settings say so, and for other tokens', async () => {
    await open({ finishDownloads: true });
    const download = await beginDownload();
    await gateway.deny([{ seq: 5, tokens: [token.id] }]);
    expect(await download.end()).toBe('whole');
    await gateway.configure({ finishDownloads: false });
    await gateway.load({ ...bundle(2), seq: 6 });
    const second = await beginDownload();
    await gateway.deny([{ seq: 7, tokens: ['AAAAAAA9'] }]);
    expect(await second.end()).toBe('whole');
  });

  it('may go on for the grace time when the process is told to end; nothing new is taken', async () => {
    await open();
    const download = await beginDownload();
    const exit = once(gateways.child(), 'exit');
    gateways.child().kill('SIGTERM');
    await vi.waitFor(async () => expect(await statusOf()).toBe(0));
    expect(await download.end()).toBe('whole');
    expect(await exit).toEqual([0, null]);
  });

  it('is cut off when the grace time is over', async () => {
    await open({ drainMs: 50 });
    const download = await beginDownload();
    const exit = once(gateways.child(), 'exit');
    gateways.child().kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(await download.end()).toBe('cut off');
  });
});

describe('a probe', () => {
  it('is signed with the address that is bound', async () => {
    await open({ publicUrl: 'https://pkgs.example' });
    const nonce = 'abcdefghijklmnopqrstuv';
    const answer = await (await fetch(`${baseUrl}${probePath}?nonce=${nonce}`)).text();
    expect(readProbeAnswer(identity, answer, nonce, Date.now())).toMatchObject({
      bound: new URL(baseUrl).host,
      publicUrl: 'https://pkgs.example',
      number: 1,
    });
    expect(readProbeAnswer(identity, answer, 'another-nonce-of-22-ch', Date.now())).toBeUndefined();
    expect(readProbeAnswer(newGatewayIdentity(), answer, nonce, Date.now())).toBeUndefined();
    expect(readProbeAnswer(identity, answer, nonce, Date.now() + 60_000)).toBeUndefined();
    expect((await fetch(`${baseUrl}${probePath}?nonce=short`)).status).toBe(404);
  });
});
