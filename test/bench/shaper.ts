/** A line of 30 ms and 50 Mbit/s between two ports of this computer: both directions, all connections together. */
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

const roundTripMs = 30;
const bytesPerMs = 50_000_000 / 8 / 1000;

/** One way of the line: everything arrives in order. */
class Direction {
  #freeAtMs = 0;
  readonly #sent: { readonly atMs: number; readonly deliver: () => void }[] = [];
  #isWaiting = false;

  /** After what was sent before at the speed of the line, and half a round trip later. */
  send(bytes: number, deliver: () => void): void {
    this.#freeAtMs = Math.max(performance.now(), this.#freeAtMs) + bytes / bytesPerMs;
    this.#sent.push({ atMs: this.#freeAtMs + roundTripMs / 2, deliver });
    if (!this.#isWaiting) this.#wait(roundTripMs / 2);
  }

  #wait(ms: number): void {
    this.#isWaiting = true;
    setTimeout(() => this.#arrive(), ms);
  }

  #arrive(): void {
    this.#isWaiting = false;
    const nowMs = performance.now();
    while ((this.#sent[0]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs) this.#sent.shift()?.deliver();
    const [next] = this.#sent;
    if (next !== undefined) this.#wait(Math.max(1, next.atMs - nowMs));
  }
}

/** @returns the port that stands for the other one */
export function startShaper(targetPort: number): Promise<number> {
  const up = new Direction();
  const down = new Direction();
  const relay = (from: Socket, to: Socket, direction: Direction) => {
    from.on('data', (chunk) => {
      from.pause();
      direction.send(chunk.length, () => {
        if (!to.destroyed) to.write(chunk);
      });
      // What is on the way at once is bounded as by a real connection's window.
      setTimeout(() => from.resume(), chunk.length / bytesPerMs);
    });
    from.on('end', () => direction.send(0, () => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => direction.send(0, () => to.destroy()));
  };
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    client.setNoDelay(true);
    target.setNoDelay(true);
    client.pause();
    // The handshake of a connection takes a round trip before the first byte.
    setTimeout(() => {
      relay(client, target, up);
      relay(target, client, down);
      client.resume();
    }, roundTripMs);
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}
