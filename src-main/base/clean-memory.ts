/**
 * Takes secrets out of memory that nothing refers to any more. V8 and malloc give memory back without wiping it, and
 * strings cannot be overwritten; so garbage is collected, and what is free is written over by being used again. Best
 * effort, held by test/memory: it cannot reach what something still refers to.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MessageChannel } from 'node:worker_threads';
import { setTimeout as wait } from 'node:timers/promises';

type Collect = (options?: { readonly type: 'major' | 'minor'; readonly flavor?: 'last-resort' }) => void;

/**
 * Small buffers share slabs, and a slab stays as long as one of them does: secrets in the others with it. For programs
 * that hold keys, before they do.
 */
export function keepBuffersApart(): void {
  Buffer.poolSize = 0;
}

let collect: Collect | undefined;

function collector(): Collect {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
    setFlagsFromString('--no-expose-gc');
  }
  return collect;
}

/** Rounds: what ends late (a socket's buffer, an answer under way) is caught by a later one. */
const pausesMs = [0, 50, 400];
const requestBlockBytes = 64 * 1024;

/** Resolves when it is done; does little at a time, so that others have their turn. */
export async function cleanMemory(): Promise<void> {
  for (const pauseMs of pausesMs) {
    // oxlint-disable-next-line no-await-in-loop
    await wait(pauseMs, undefined, { ref: false });
    collector()();
    overwriteFreeHeap();
    overwriteFreeBlocks();
    overwriteFreeMessages();
    // oxlint-disable-next-line no-await-in-loop
    await overwriteRequestBlock();
    collector()();
  }
}

/** Some megabytes of short-lived objects: both halves of V8's young space are written over. */
function overwriteFreeHeap(): void {
  for (let round = 0; round < 4; round += 1) {
    const filler: unknown[] = [];
    for (let index = 0; index < 40_000; index += 1) filler.push([index, 0, 0, 0, 0, 0, 0, 0]);
  }
}

/** The same for messages between processes, which are written in blocks of another heap than buffers have. */
function overwriteFreeMessages(): void {
  // They wait in the channel, which nobody reads, and go with it. (`v8.serialize` would end Electron, which takes no
  // buffers of that heap.)
  const { port1, port2 } = new MessageChannel();
  for (let size = 64; size <= 128 * 1024; size *= 2) {
    for (const part of [4, 5, 6, 7]) {
      const text = '\u2014'.repeat((size * part) / 8);
      const count = Math.max(4, Math.floor((128 * 1024) / size));
      for (let index = 0; index < count; index += 1) port1.postMessage(text);
    }
  }
  port1.close();
  port2.close();
}

/**
 * Node reads all requests of a process into one block and leaves them there: a long request that says nothing takes
 * their place. Loopback, for an instant.
 */
async function overwriteRequestBlock(): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end());
  });
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    socket.resume();
    const body = Buffer.alloc(requestBlockBytes * 8, ' ');
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.write(body);
    await closed;
  } catch {
    // No free port or socket now: the block is written over by whatever comes next.
  } finally {
    server.close();
  }
}

/** Blocks of the sizes in which bodies, messages and keys were kept. */
function overwriteFreeBlocks(): void {
  const blocks: Buffer[] = [];
  for (let size = 16; size <= 128 * 1024; size *= 2) {
    const count = Math.max(8, Math.floor((512 * 1024) / size));
    for (let index = 0; index < count; index += 1)
      blocks.push(Buffer.allocUnsafeSlow(size - (index % 8)).fill(0));
  }
}
