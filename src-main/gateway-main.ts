/**
 * The gateway process. Started by the app (Electron's utility process) or by the browser host and the command line (a
 * child of Node), and driven over the channel that it was started with. Whoever starts it otherwise is told so.
 */
import { cleanMemory, keepBuffersApart } from './base/clean-memory.ts';
import { failureText } from './base/failure-text.ts';
import { boundHeapGrowth } from './base/heap-growth.ts';
import { LineLog, stderrTarget } from './base/line-log.ts';
import type { ParentPort, ToGateway } from './gateway/protocol.ts';
import { serveGateway } from './gateway/serve.ts';
import { texts } from '../shared/texts/texts.ts';

const words = texts.cli.root;

/** What Electron puts into a utility process; typed here, as only its host may know Electron. */
type UtilityPort = {
  readonly postMessage: (message: unknown) => void;
  readonly on: (name: 'message', listener: (event: { readonly data: unknown }) => void) => void;
};

const utility = (process as unknown as { readonly parentPort?: UtilityPort | null }).parentPort ?? undefined;

function parentPort(): ParentPort | undefined {
  if (utility !== undefined) {
    return {
      post: (message) => utility.postMessage(message),
      onMessage: (listener) => utility.on('message', ({ data }) => listener(data as ToGateway)),
    };
  }
  if (process.send === undefined) return undefined;
  return {
    post: (message) => {
      // The parent may be gone by now; `disconnect` says so.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => process.on('message', (message) => listener(message as ToGateway)),
  };
}

function main(): void {
  keepBuffersApart();
  if (utility === undefined) boundHeapGrowth();
  const port = parentPort();
  if (port === undefined) {
    process.stderr.write(words.notForPeople);
    process.exit(2);
  }
  const log = new LineLog(stderrTarget());
  const say = (line: string): void => log.write(`latchkey gateway: ${line}`);
  process.stdout.on('error', () => undefined);
  const serving = serveGateway({
    port,
    now: Date.now,
    writeLine: (line) => log.write(line),
    lostLogLines: () => log.lost,
    onStopped: () => process.exit(0),
    collectGarbage: () => void cleanMemory(),
  });
  // A bug: said, and ended; the parent starts another one.
  process.on('uncaughtException', (error) => {
    say(`internal error: ${failureText(error)}`);
    process.exit(1);
  });
  // The terminal's Ctrl+C reaches this process too: the parent decides.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => serving.drain());
  process.on('disconnect', () => process.exit(0));
  port.post({ ready: true });
}

main();
