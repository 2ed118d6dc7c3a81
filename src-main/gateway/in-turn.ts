/**
 * One request at a time per connection. Invariant: a request that came while an earlier one of its connection is being
 * answered is not looked at before that answer is sent, so that one connection never opens more than one file, page or
 * upstream; no connection makes more of them wait than `maxWaiting`, and one that floods is not read on: what was parsed
 * costs a hundred times its bytes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Package clients do not pipeline at all; proxies and benchmarks send a few. */
const maxWaiting = 16;
/** What one read of the socket brings of well-meant requests; beyond, nobody waits for answers. */
const maxParsed = 256;
const waiting = new WeakMap<Socket, number>();
/** In the order of the requests, so that nothing is ever sent in the place of another. */
const latest = new WeakMap<Duplex, ServerResponse>();

const ending = new WeakSet<Duplex>();

/** A connection ends with an answer that was made: what came behind that request is not looked at. */
export function endWith(socket: Duplex): void {
  ending.add(socket);
}

export const isEnding = (socket: Duplex): boolean => ending.has(socket);

/** Whether an answer is under way on a connection, or waited for. */
export function isAnswering(socket: Duplex): boolean {
  const last = latest.get(socket);
  return last !== undefined && !last.closed && !last.destroyed;
}

/** Runs something when all that came before on a connection was answered; at once when nothing is under way. */
export function afterAnswers(socket: Duplex, run: () => void): void {
  if (isAnswering(socket)) latest.get(socket)?.once('close', run);
  else run();
}

/**
 * @param answer called when it is this request's turn; never when the connection closed before
 * @param refuse called at once for one that is too many: it answers with `Connection: close`, after those before it
 */
export function inTurn(
  req: IncomingMessage,
  res: ServerResponse,
  answer: (req: IncomingMessage, res: ServerResponse) => void,
  refuse: (req: IncomingMessage, res: ServerResponse) => void,
): void {
  const { socket } = req;
  // Those behind an answer that ends the connection are never answered.
  if (isEnding(socket)) return cutFlood(socket);
  latest.set(socket, res);
  // A connection that is kept open keeps no request, whose token would stay in memory with it.
  res.once('close', () => {
    if (latest.get(socket) === res) latest.delete(socket);
  });
  // Node gives a response its socket when those before it are sent.
  if (res.socket !== null) return answer(req, res);
  const before = waiting.get(socket) ?? 0;
  waiting.set(socket, before + 1);
  if (before === maxWaiting) {
    // The connection ends with its answer; Node would read on until then, and again when it is done with an earlier one.
    socket.pause();
    socket.on('resume', () => socket.pause());
    return refuse(req, res);
  }
  if (before > maxWaiting) return cutFlood(socket);
  res.once('socket', () => {
    waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
    answer(req, res);
  });
}

/** Counts a request that nobody answers; past a bound the connection is worth no answer either. */
function cutFlood(socket: Socket): void {
  const count = (waiting.get(socket) ?? 0) + 1;
  waiting.set(socket, count);
  if (count > maxParsed && !socket.destroyed) socket.resetAndDestroy();
}
