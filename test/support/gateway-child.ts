/** A real gateway process for tests, with its standard error at hand. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromGateway, LaunchGateway } from '../../src-main/gateway/protocol.ts';

export type GatewayChildProcess = {
  readonly launch: LaunchGateway;
  readonly child: () => ChildProcess;
};

/** @param stderr where its log goes: a pipe that the test reads (or does not), or a file descriptor */
export function gatewayChild(stderr: 'pipe' | number = 'pipe'): GatewayChildProcess {
  let last: ChildProcess | undefined;
  const launch: LaunchGateway = () => {
    const child = fork(fileURLToPath(new URL('../../src-main/gateway-main.ts', import.meta.url)), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', stderr, 'ipc'],
      execArgv: [],
    });
    last = child;
    return {
      post: (message) => {
        if (child.connected) child.send(message, undefined, undefined, () => undefined);
      },
      onMessage: (listener) => child.on('message', (message) => listener(message as FromGateway)),
      onEnd: (listener) => child.once('exit', (code, signal) => listener(signal ?? `exit code ${code}`)),
      kill: () => void child.kill('SIGKILL'),
    };
  };
  return {
    launch,
    child: () => {
      if (last === undefined) throw new Error('no gateway was started');
      return last;
    },
  };
}
