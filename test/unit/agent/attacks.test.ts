/** Whoever comes to the agent's socket without the right to it: bounded, refused, and told nothing. */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectToAgent } from '../../../src-main/agent/client.ts';
import { makeSocketPlace } from '../../../src-main/agent/address-file.ts';
import { FrameReader, frameOf } from '../../../src-main/agent/frames.ts';
import { proofOf } from '../../../src-main/agent/proof.ts';
import { cleanTempDirs } from '../../support/temp-dir.ts';
import { agentScene, bare, clientNonce, prove, vaultId } from './agent-scene.ts';

cleanTempDirs();

describe('an agent and a stranger', () => {
  it.each([
    ['another key', { key: randomBytes(32) }],
    ['the proof of another vault', { vaultId: 'othervaultothervaultot' }],
    ['the proof of the server', { role: 'server' as const }],
  ])('ends the connection of whoever brings %s, and calls nothing', async (_what, change) => {
    const { where, calls } = await agentScene();
    const peer = await bare(where);
    await prove(peer, where, change);
    peer.say({ call: 'tokens.list', input: {} });
    expect(await peer.hear()).toBe('closed');
    expect(calls).toEqual([]);
  });

  it('takes no proof that was good on another connection', async () => {
    const { where, calls } = await agentScene();
    const first = await bare(where);
    const proof = await prove(first, where);
    first.say({ call: 'tokens.list', input: {} });
    expect(await first.hear()).toMatchObject({ result: { ok: true } });

    const second = await bare(where);
    // The same words, and the same nonce on this side.
    second.say({ latchkeyAgent: 1, nonce: clientNonce });
    await second.hear();
    second.say({ proof });
    second.say({ call: 'tokens.list', input: {} });
    expect(await second.hear()).toBe('closed');
    expect(calls).toEqual(['tokens.list']);
  });

  it('gives each connection another nonce', async () => {
    const { where } = await agentScene();
    const nonces = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const peer = await bare(where);
      peer.say({ latchkeyAgent: 1, nonce: clientNonce });
      nonces.add(((await peer.hear()) as { nonce: string }).nonce);
      peer.socket.destroy();
    }
    expect(nonces.size).toBe(20);
  });

  it.each([
    ['a call before the proof', frameOf({ call: 'tokens.list', input: {} })],
    ['something else than a hello', frameOf({ latchkeyAgent: 2, nonce: clientNonce })],
    ['a hello with more in it', frameOf({ latchkeyAgent: 1, nonce: clientNonce, more: 1 })],
    ['bytes', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a message that says to be four gigabytes', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a message that is longer than a hello', frameOf({ latchkeyAgent: 1, nonce: 'N'.repeat(5000) })],
  ])('ends the connection of whoever begins with %s', async (_what, bytes) => {
    const { where, calls } = await agentScene();
    const { socket, hear } = await bare(where);
    socket.write(bytes);
    expect(await hear()).toBe('closed');
    expect(calls).toEqual([]);
  });

  it('bounds what a known peer may say, too', async () => {
    const { where, calls } = await agentScene();
    const peer = await bare(where);
    await prove(peer, where);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(64 * 1024 * 1024);
    peer.socket.write(head);
    expect(await peer.hear()).toBe('closed');
    expect(calls).toEqual([]);
  });

  it('lets go of a peer that does not prove itself in time', async () => {
    const { where, pass } = await agentScene({ limits: { handshakeMs: 5_000 } });
    const silent = await bare(where);
    const halfway = await bare(where);
    halfway.say({ latchkeyAgent: 1, nonce: clientNonce });
    await halfway.hear();
    pass(5_000);
    expect(await silent.hear()).toBe('closed');
    expect(await halfway.hear()).toBe('closed');
  });

  it('gives a peer the time in which it did nothing itself: what was said then is read first', async () => {
    let nowMs = 1_000_000;
    const { where, server } = await agentScene({ limits: { handshakeMs: 5_000 }, now: () => nowMs });
    const peer = await bare(where);
    nowMs += 8_000;
    server.check(7_000);
    await prove(peer, where);
    peer.say({ call: 'tokens.list', input: {} });
    expect(await peer.hear()).toMatchObject({ result: { ok: true } });
    const silent = await bare(where);
    nowMs += 8_000;
    server.check(7_000);
    nowMs += 5_000;
    server.check(0);
    expect(await silent.hear()).toBe('closed');
  });

  it('lets go of a peer that does not take its answer', async () => {
    const { where, app, pass, server } = await agentScene();
    app.answer = async () => ({ ok: true, value: 'x'.repeat(16 * 1024 * 1024) });
    const peer = await bare(where);
    await prove(peer, where);
    peer.socket.pause();
    const closed = new Promise((resolve) => peer.socket.once('close', resolve));
    peer.say({ call: 'tokens.list', input: {} });
    await vi.waitFor(() => {
      // One look notes what waits, thirty seconds of looks end it.
      pass(10_000);
      expect(peer.socket.readableLength + peer.socket.bytesRead).toBeGreaterThan(0);
    });
    pass(60_000);
    peer.socket.resume();
    await closed;
    expect(server.isServing()).toBe(true);
  });

  it('ends although a peer does not take its answer', async () => {
    const { where, app, calls, pass, server, ends } = await agentScene();
    app.answer = async () => ({ ok: true, value: 'x'.repeat(16 * 1024 * 1024) });
    const peer = await bare(where);
    await prove(peer, where);
    peer.socket.pause();
    peer.say({ call: 'tokens.list', input: {} });
    await vi.waitFor(() => expect(calls).toEqual(['tokens.list']));
    await turn();
    server.stop('asked');
    await vi.waitFor(() => {
      pass(10_000);
      expect(ends).toEqual(['asked']);
    });
  });

  it('serves a command although a thousand connections were opened', async () => {
    const { where, calls } = await agentScene({ limits: { maxPeers: 64 } });
    const crowd: Awaited<ReturnType<typeof bare>>[] = [];
    // So many at once as the system lets wait.
    for (let wave = 0; wave < 10; wave += 1)
      crowd.push(...(await Promise.all(Array.from({ length: 100 }, () => bare(where)))));
    const agent = await connectToAgent(where);
    expect(await agent?.invoke('teams.list', {})).toMatchObject({ ok: true });
    agent?.close();
    const open = () => crowd.filter(({ socket }) => !socket.destroyed && socket.readyState === 'open');
    await vi.waitFor(() => expect(open().length).toBeLessThanOrEqual(64));
    expect(calls).toEqual(['teams.list']);
    for (const { socket } of crowd) socket.destroy();
  });

  it('has room for one more command however many stay and say nothing: who was silent longest makes it', async () => {
    const { where, pass } = await agentScene({ limits: { maxPeers: 3 } });
    const known = await Promise.all([1, 2, 3].map(() => connectToAgent(where)));
    for (const agent of known) expect(await agent?.invoke('teams.list', {})).toMatchObject({ ok: true });
    pass(10);
    expect(await known[0]?.invoke('teams.list', {})).toMatchObject({ ok: true });
    const fourth = await connectToAgent(where);
    expect(await fourth?.invoke('teams.list', {})).toMatchObject({ ok: true });
    await known[1]?.closed;
    await expect(known[1]?.invoke('teams.list', {})).rejects.toMatchObject({
      code: 'AGENT_LOST',
      message: expect.stringContaining('Nothing was asked of it'),
    });
    for (const agent of [known[0], known[2], fourth]) {
      expect(await agent?.invoke('teams.list', {})).toMatchObject({ ok: true });
      agent?.close();
    }
  });

  it('takes no room from a command for somebody who has proved nothing', async () => {
    const { where } = await agentScene({ limits: { maxPeers: 3 } });
    const known = await Promise.all([1, 2, 3].map(() => connectToAgent(where)));
    for (const agent of known) expect(await agent?.invoke('teams.list', {})).toMatchObject({ ok: true });
    const strangers = await Promise.all(Array.from({ length: 5 }, () => bare(where)));
    await vi.waitFor(() => expect(strangers.filter(({ socket }) => socket.destroyed)).toHaveLength(2));
    for (const agent of known) {
      expect(await agent?.invoke('teams.list', {})).toMatchObject({ ok: true });
      agent?.close();
    }
    for (const { socket } of strangers) socket.destroy();
  });

  it('lets go of nobody whose call is under way, and takes no more than those', async () => {
    const { where, app, calls } = await agentScene({ limits: { maxPeers: 3 } });
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    app.answer = async (method) => {
      await finished;
      return { ok: true, value: method };
    };
    const known = await Promise.all([1, 2, 3].map(() => connectToAgent(where)));
    const answers = known.map((agent) => agent?.invoke('teams.list', {}));
    await vi.waitFor(() => expect(calls).toHaveLength(3));
    const fourth = await connectToAgent(where);
    await fourth?.closed;
    await expect(fourth?.invoke('teams.list', {})).rejects.toMatchObject({ code: 'AGENT_LOST' });
    finish();
    for (const answer of answers) expect(await answer).toEqual({ ok: true, value: 'teams.list' });
    for (const agent of known) agent?.close();
  });
});

describe('a command and somebody in the agent’s place', () => {
  /** Somebody who sits on the socket and says what the test wants. */
  async function squat(answerTo: (hello: { nonce: string }) => unknown): Promise<{
    readonly address: string;
    readonly heard: unknown[];
  }> {
    const heard: unknown[] = [];
    const place = makeSocketPlace();
    const server: Server = createServer((socket) => {
      const reader = new FrameReader(1024 * 1024);
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        reader.push(chunk);
        for (let next = reader.next(); next !== undefined; next = reader.next()) {
          heard.push(next.value);
          const said = answerTo(next.value as { nonce: string });
          if (Buffer.isBuffer(said)) socket.write(said);
          else if (said !== undefined) socket.write(frameOf(said));
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(place.address, resolve));
    onTestFinished(() => {
      server.close();
      place.remove();
    });
    return { address: place.address, heard };
  }
  const key = randomBytes(32);
  const where = (address: string) => ({
    version: 1 as const,
    address,
    key: key.toString('base64url'),
    pid: 1,
    vaultId,
  });
  const nonce = 'S'.repeat(43);

  it.each<[string, (hello: { nonce: string }) => unknown]>([
    ['knows no key', () => ({ nonce, proof: 'P'.repeat(43) })],
    [
      'gives the proof of a client',
      (hello) => ({
        nonce,
        proof: proofOf(key, 'client', { vaultId, clientNonce: hello.nonce, serverNonce: nonce }),
      }),
    ],
    [
      'has an agent of another vault',
      (hello) => ({
        nonce,
        proof: proofOf(key, 'server', { vaultId: 'other', clientNonce: hello.nonce, serverNonce: nonce }),
      }),
    ],
    [
      'repeats the proof of another connection',
      () => ({ nonce, proof: proofOf(key, 'server', { vaultId, clientNonce, serverNonce: nonce }) }),
    ],
    ['speaks something else', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['sends four gigabytes', () => Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ])('is told nothing but a nonce, when it %s', async (_what, answerTo) => {
    const { address, heard } = await squat(answerTo);
    await expect(connectToAgent(where(address))).rejects.toMatchObject({ code: 'AGENT_REFUSED' });
    expect(heard).toHaveLength(1);
    expect(Object.keys(heard[0] as object)).toEqual(['latchkeyAgent', 'nonce']);
  });

  it('does not wait for one that says nothing', async () => {
    const { address } = await squat(() => undefined);
    await expect(connectToAgent(where(address), { handshakeMs: 20 })).rejects.toMatchObject({
      code: 'AGENT_REFUSED',
    });
  });

  it('finds nobody where the agent was killed', async () => {
    const place = makeSocketPlace();
    onTestFinished(place.remove);
    expect(await connectToAgent(where(place.address))).toBeUndefined();
  });
});
