/**
 * The connections of clients. Invariant: there are only so many, so that descriptors are left for files and upstreams;
 * beyond, one that does nothing is closed for the new one, of whoever has most; where all are busy, who has most has no
 * more of them than who has fewer and asks for one.
 */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { isAnswering } from './in-turn.ts';

/** An organization's machines with some connections each; more stand behind a proxy of theirs. */
const maxConnections = 4096;

export class Connections {
  readonly #max: number;
  /** By address; the oldest first. */
  readonly #byAddress = new Map<string, Set<Socket>>();
  #count = 0;

  constructor(max: number = Math.min(maxConnections, Math.floor(descriptorLimit() / 2))) {
    this.#max = max;
  }

  get count(): number {
    return this.#count;
  }

  all(): Socket[] {
    return [...this.#byAddress.values()].flatMap((sockets) => [...sockets]);
  }

  /** Takes a new one, or closes it. */
  add(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    if (this.#count >= this.#max) {
      const victim = this.#victimFor(address) ?? socket;
      victim.resetAndDestroy();
      if (victim === socket) return;
      this.#forget(victim);
    }
    const others = this.#byAddress.get(address);
    if (others === undefined) this.#byAddress.set(address, new Set([socket]));
    else others.add(socket);
    this.#count += 1;
    socket.once('close', () => this.#forget(socket, address));
  }

  #victimFor(address: string): Socket | undefined {
    const groups = [...this.#byAddress.values()].toSorted((a, b) => b.size - a.size);
    for (const sockets of groups) for (const socket of sockets) if (!isAnswering(socket)) return socket;
    const [most] = groups;
    const own = this.#byAddress.get(address)?.size ?? 0;
    return most === undefined || most.size < own + 2 ? undefined : [...most].at(-1);
  }

  #forget(socket: Socket, address = socket.remoteAddress ?? ''): void {
    const others = this.#byAddress.get(address);
    if (others?.delete(socket) !== true) return;
    this.#count -= 1;
    if (others.size === 0) this.#byAddress.delete(address);
  }
}

/** Open files that a process may have; Node has raised it as far as it may. Where nobody says, there are enough. */
function descriptorLimit(): number {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return found === undefined ? Number.POSITIVE_INFINITY : Number(found);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
