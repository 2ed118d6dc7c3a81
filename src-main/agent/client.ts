/**
 * A command's side of the agent. Invariant: nothing is sent before the other side has proved to know the key that stands
 * in this user's own file, and every wait is bounded but the one for an answer that an authentic agent works on.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { WireResult } from '../../shared/errors.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { AgentAddress, Owners } from './address-file.ts';
import { assertOwnSocket, systemOwners } from './address-file.ts';
import { FrameReader, frameOf } from './frames.ts';
import { bounds, serverMessage } from './messages.ts';
import { isProof, nonceBytes, proofOf, welcome } from './proof.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.agent.problems;

/** Loopback, and a process that has nothing else to do; a busy computer has its time. */
const handshakeMs = 10_000;
/** Linux says at once that too many wait to be let in; the agent lets them in within a moment. */
const busyAttempts = 40;
const busyPauseMs = 25;

export type AgentConnection = {
  readonly pid: number;
  /** @throws LatchkeyError AGENT_LOST */
  readonly invoke: (method: string, input: unknown) => Promise<WireResult<unknown>>;
  /** @returns the function that ends the subscription */
  readonly on: (name: string, listener: (data: unknown) => void) => () => void;
  /** Resolves when the other side has gone. */
  readonly closed: Promise<void>;
  readonly close: () => void;
};

export type ConnectOptions = { readonly owners?: Owners; readonly handshakeMs?: number };

/**
 * Connects to the agent at an address.
 * @returns undefined when nobody is there any more: it was killed, or the computer was restarted
 * @throws LatchkeyError AGENT_UNTRUSTED, AGENT_REFUSED
 */
export async function connectToAgent(
  where: AgentAddress,
  options: ConnectOptions = {},
): Promise<AgentConnection | undefined> {
  let socket: Socket;
  try {
    assertOwnSocket(where.address, options.owners ?? systemOwners);
    socket = await opened(where.address);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
    if (error instanceof LatchkeyError) throw error;
    throw refused(words.unreachable(code ?? 'unknown'), error);
  }
  const reader = new FrameReader(bounds.handshakeBytes);
  const timer = setTimeout(() => socket.destroy(), options.handshakeMs ?? handshakeMs);
  try {
    await proveBoth(socket, reader, where);
  } catch (error) {
    socket.destroy();
    throw error instanceof LatchkeyError ? error : refused(words.notAnAgent, error);
  } finally {
    clearTimeout(timer);
  }
  reader.allow(bounds.answerBytes);
  return conversation(socket, reader, where.pid);
}

async function opened(address: string): Promise<Socket> {
  for (let left = busyAttempts; ; left -= 1) {
    try {
      // One attempt after the other.
      // oxlint-disable-next-line no-await-in-loop
      return await openedOnce(address);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || left === 0) throw error;
      // oxlint-disable-next-line no-await-in-loop
      await wait(busyPauseMs);
    }
  }
}

function openedOnce(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(address, () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

async function proveBoth(
  socket: Socket,
  reader: FrameReader,
  { key: keyText, vaultId }: AgentAddress,
): Promise<void> {
  const key = Buffer.from(keyText, 'base64url');
  const clientNonce = randomBytes(nonceBytes).toString('base64url');
  socket.write(frameOf({ latchkeyAgent: 1, nonce: clientNonce }));
  const { nonce: serverNonce, proof } = welcome.parse(await firstMessage(socket, reader));
  const handshake = { vaultId, clientNonce, serverNonce };
  if (!isProof(key, 'server', handshake, proof)) {
    throw refused(words.wrongKey);
  }
  socket.write(frameOf({ proof: proofOf(key, 'client', handshake) }));
}

function firstMessage(socket: Socket, reader: FrameReader): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      socket.off('data', onData);
      socket.off('close', onClose);
    };
    const onClose = (): void => {
      done();
      reject(refused(words.ended));
    };
    const onData = (chunk: Buffer): void => {
      try {
        reader.push(chunk);
        const message = reader.next();
        if (message === undefined) return;
        done();
        socket.pause();
        resolve(message.value);
      } catch (error) {
        done();
        reject(error);
      }
    };
    socket.on('data', onData);
    socket.once('close', onClose);
  });
}

function conversation(socket: Socket, reader: FrameReader, pid: number): AgentConnection {
  const listeners = new Map<string, Set<(data: unknown) => void>>();
  let waiting: ((result: WireResult<unknown> | undefined) => void) | undefined;
  /** Calls are made one after the other. */
  let last: Promise<unknown> = Promise.resolve();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  void closed.then(() => waiting?.(undefined));

  const take = (value: unknown): void => {
    const message = serverMessage.parse(value);
    if ('event' in message) {
      for (const listener of listeners.get(message.event) ?? []) listener(message.data);
      return;
    }
    const resolve = waiting;
    waiting = undefined;
    resolve?.(message.result as WireResult<unknown>);
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      reader.push(chunk);
      for (let message = reader.next(); message !== undefined; message = reader.next()) take(message.value);
    } catch {
      socket.destroy();
    }
  });
  socket.resume();

  const ask = async (method: string, input: unknown): Promise<WireResult<unknown>> => {
    if (socket.destroyed) throw ended();
    const result = await new Promise<WireResult<unknown> | undefined>((resolve) => {
      waiting = resolve;
      socket.write(frameOf({ call: method, input }));
    });
    if (result === undefined) throw lost();
    return result;
  };

  return {
    pid,
    invoke: (method, input) => {
      const asked = last.then(() => ask(method, input));
      last = asked.catch(() => undefined);
      return asked;
    },
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => void set.delete(listener);
    },
    closed,
    close: () => socket.destroy(),
  };
}

const refused = (why: string, cause?: unknown): LatchkeyError =>
  new LatchkeyError('AGENT_REFUSED', words.unusable(why), { cause });

const ended = (): LatchkeyError => new LatchkeyError('AGENT_LOST', words.gone);

const lost = (): LatchkeyError => new LatchkeyError('AGENT_LOST', words.lost);
