/** An agent's server on a folder of its own, with a clock that the test moves, and hands to talk to it by. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { WireResult } from '../../../shared/errors.ts';
import type { AgentAddress } from '../../../src-main/agent/address-file.ts';
import { addressPath, readAddress } from '../../../src-main/agent/address-file.ts';
import { FrameReader, frameOf } from '../../../src-main/agent/frames.ts';
import { proofOf } from '../../../src-main/agent/proof.ts';
import type { AgentDeps, AgentEnd } from '../../../src-main/agent/server.ts';
import { AgentServer } from '../../../src-main/agent/server.ts';
import { tempDir } from '../../support/temp-dir.ts';

export const vaultId = 'vaultvaultvaultvaultva';

export type Scene = {
  readonly server: AgentServer;
  readonly path: string;
  readonly where: AgentAddress;
  readonly ends: AgentEnd[];
  /** Which methods reached the app. */
  readonly calls: string[];
  /** Moves the clock, and lets the server look as it does every second. */
  readonly pass: (ms: number) => void;
  /** What the app does when it is called; it echoes unless told otherwise. */
  readonly app: {
    answer: (method: string, input: unknown) => Promise<WireResult<unknown>>;
    isUnlocked: boolean;
  };
  readonly emit: (name: string, data: unknown) => void;
};

export async function agentScene(more: Partial<AgentDeps> = {}): Promise<Scene> {
  const stateDir = tempDir();
  let nowMs = 1_000_000;
  const ends: AgentEnd[] = [];
  const calls: string[] = [];
  const listeners = new Map<string, (data: unknown) => void>();
  const app: Scene['app'] = {
    answer: async (method, input) => ({ ok: true, value: { method, input } }),
    isUnlocked: true,
  };
  const server = new AgentServer({
    dataDir: '/data',
    stateDir,
    vaultId,
    call: (method, input) => {
      calls.push(method);
      return app.answer(method, input);
    },
    on: (name, listener) => {
      listeners.set(name, listener);
      return () => listeners.delete(name);
    },
    isUnlocked: () => app.isUnlocked,
    onEnd: (why) => ends.push(why),
    now: () => nowMs,
    ...more,
  });
  await server.start();
  onTestFinished(() => server.stop('asked'));
  const path = addressPath(stateDir, '/data');
  const where = readAddress(path);
  if (where === undefined) throw new Error('no address');
  return {
    server,
    path,
    where,
    ends,
    calls,
    pass: (ms) => {
      // A look every ten seconds: a longer silence is a computer that slept.
      for (let left = ms; left > 0; left -= 10_000) {
        nowMs += Math.min(left, 10_000);
        server.check();
      }
    },
    app,
    emit: (name, data) => listeners.get(name)?.(data),
  };
}

/** Linux lets some hundred wait to be let in, and refuses the others for the moment. */
async function connected(address: string): Promise<Socket> {
  for (;;) {
    const socket = connect(address);
    try {
      // One attempt after the other.
      // oxlint-disable-next-line no-await-in-loop
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      // oxlint-disable-next-line no-await-in-loop
      await turn();
    }
  }
}

/** A bare connection: whatever is said goes out as it is. */
export async function bare(where: AgentAddress): Promise<{
  readonly socket: Socket;
  readonly say: (value: unknown) => void;
  /** The next message, or `closed`. */
  readonly hear: () => Promise<unknown>;
}> {
  const socket = await connected(where.address);
  socket.on('error', () => undefined);
  const reader = new FrameReader(64 * 1024 * 1024);
  const waiting: ((value: unknown) => void)[] = [];
  const got: unknown[] = [];
  const give = (value: unknown): void => {
    const first = waiting.shift();
    if (first === undefined) got.push(value);
    else first(value);
  };
  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk);
    for (let next = reader.next(); next !== undefined; next = reader.next()) give(next.value);
  });
  socket.on('close', () => give('closed'));
  return {
    socket,
    say: (value) => void socket.write(frameOf(value)),
    hear: () =>
      got.length > 0 ? Promise.resolve(got.shift()) : new Promise((resolve) => waiting.push(resolve)),
  };
}

export const clientNonce = 'N'.repeat(43);

/** Both proofs, by hand. */
export async function prove(
  { say, hear }: Awaited<ReturnType<typeof bare>>,
  where: AgentAddress,
  change: { readonly vaultId?: string; readonly key?: Buffer; readonly role?: 'client' | 'server' } = {},
): Promise<string> {
  say({ latchkeyAgent: 1, nonce: clientNonce });
  const { nonce: serverNonce } = (await hear()) as { nonce: string };
  const proof = proofOf(change.key ?? Buffer.from(where.key, 'base64url'), change.role ?? 'client', {
    vaultId: change.vaultId ?? where.vaultId,
    clientNonce,
    serverNonce,
  });
  say({ proof });
  return proof;
}
