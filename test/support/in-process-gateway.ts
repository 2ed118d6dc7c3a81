import type { FromGateway, LaunchGateway, ToGateway } from '../../src-main/gateway/protocol.ts';
import { serveGateway } from '../../src-main/gateway/serve.ts';

export type InProcessGateway = {
  readonly launch: LaunchGateway;
  readonly lines: string[];
  /** How many were started. */
  readonly started: () => number;
  /** Ends the one that runs, as a crash would. */
  readonly crash: (how?: string) => void;
};

/**
 * A gateway that is driven over the same protocol, without the cost of a process: what is sent is cloned, and told in a
 * later turn. For tests of what stands around it; the process itself has tests of its own.
 */
export function inProcessGateway(now: () => number = Date.now): InProcessGateway {
  const lines: string[] = [];
  let count = 0;
  let crash: (how: string) => void = () => undefined;
  const launch: LaunchGateway = () => {
    count += 1;
    let isOver = false;
    const ends = new Set<(how: string) => void>();
    let toParent: (message: FromGateway) => void = () => undefined;
    let toChild: (message: ToGateway) => void = () => undefined;
    const later = <T>(tell: (message: T) => void, message: T): void => {
      const copy = structuredClone(message);
      setImmediate(() => isOver || tell(copy));
    };
    const end = (how: string): void => {
      if (isOver) return;
      isOver = true;
      for (const listener of ends) listener(how);
    };
    const serving = serveGateway({
      port: {
        post: (message) => later((copy) => toParent(copy), message),
        onMessage: (listener) => (toChild = listener),
      },
      now,
      writeLine: (line) => lines.push(line),
      lostLogLines: () => 0,
      // The answer to "stop" comes first.
      onStopped: () => setImmediate(() => end('exit code 0')),
      collectGarbage: () => undefined,
    });
    crash = (how) => {
      end(how);
      serving.breakOff();
    };
    return {
      post: (message) => later((copy) => toChild(copy), message),
      onMessage: (listener) => (toParent = listener),
      onEnd: (listener) => ends.add(listener),
      kill: () => crash('SIGKILL'),
    };
  };
  return { launch, lines, started: () => count, crash: (how = 'SIGSEGV') => crash(how) };
}
