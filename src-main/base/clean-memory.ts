/**
 * Takes secrets out of memory that nothing refers to any more. V8 and malloc give memory back without wiping it, and
 * strings cannot be overwritten; so garbage is collected, and what is free is written over by being used again. Best
 * effort, held by tests that search the memory of real processes: it cannot reach what something still refers to.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MessageChannel } from 'node:worker_threads';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';

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
/** On a busy machine it ends later still. */
const latePausesMs = [3_000, 10_000, 25_000];
const requestBlockBytes = 64 * 1024;

/**
 * Does little at a time, so that others have their turn; three late rounds follow on their own.
 * @returns when the first rounds are done
 */
export async function cleanMemory(): Promise<void> {
  calls += 1;
  const call = calls;
  await cleanAfter(pausesMs, () => true);
  // Those of a later call come later still: locking often does not add up.
  void cleanAfter(latePausesMs, () => call === calls);
}

let calls = 0;

async function cleanAfter(pauses: readonly number[], isWanted: () => boolean): Promise<void> {
  for (const pauseMs of pauses) {
    // oxlint-disable-next-line no-await-in-loop
    await wait(pauseMs, undefined, { ref: false });
    if (!isWanted()) return;
    // oxlint-disable-next-line no-await-in-loop
    await overwriteFreeHeap();
    collector()();
    // oxlint-disable-next-line no-await-in-loop
    await overwriteFreeOldHeap();
    overwriteFreeBlocks();
    overwriteFreeMessages();
    // oxlint-disable-next-line no-await-in-loop
    await overwriteRequestBlock();
    collector()();
  }
}

/** At least this many bytes has the smallest object. */
const smallestBytes = 16;
const objectsPerTurn = 64 * 1024;

/**
 * Short-lived objects until both halves of V8's young space are written over, as small as can be: what is left at the
 * end of a page is then smaller than a secret.
 */
async function overwriteFreeHeap(): Promise<void> {
  const lately: { readonly index: number }[] = [];
  const objects = (2 * spaceOf('new_space').space_size) / smallestBytes;
  for (let index = 0; index < objects; index += 1) {
    lately[index % 1024] = { index };
    // oxlint-disable-next-line no-await-in-loop
    if (index % objectsPerTurn === 0) await turn();
  }
}

function spaceOf(name: string): { readonly space_size: number; readonly space_available_size: number } {
  const space = getHeapSpaceStatistics().find(({ space_name: other }) => other === name);
  return space ?? { space_size: 0, space_available_size: 0 };
}

const oldBlockBytes = 512 * 1024;
/** So many in any case: freed pages wait in a pool that no figure tells of. No more than the other: bounded time. */
const fewestOldBlocks = 40;
const mostOldBlocks = 128;

/**
 * What survives two collections moves to V8's old space, into its free places: strings of the sizes of keys, tokens and
 * bodies, in small blocks, until no free place is left.
 */
async function overwriteFreeOldHeap(): Promise<void> {
  const held: string[][] = [];
  for (let block = 0; block < mostOldBlocks; block += 1) {
    if (block >= fewestOldBlocks && spaceOf('old_space').space_available_size < oldBlockBytes) break;
    held.push(fillerOf(block));
    collector()({ type: 'minor' });
    collector()({ type: 'minor' });
    // oxlint-disable-next-line no-await-in-loop
    await turn();
  }
  held.length = 0;
}

const blank = Buffer.alloc(2048, ' ');

function fillerOf(block: number): string[] {
  const filler: string[] = [];
  const smallest = 16 << (block % 7);
  for (let bytes = 0; bytes < oldBlockBytes;) {
    const size = smallest + (filler.length % smallest);
    filler.push(blank.toString('latin1', 0, size));
    bytes += size;
  }
  return filler;
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
