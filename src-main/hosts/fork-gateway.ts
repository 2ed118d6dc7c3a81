/** The gateway as a child of Node: for the browser host and the command line. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FromGateway, GatewayChild } from '../gateway/protocol.ts';

/** What a program needs to run at all. Nothing else of ours: a passphrase may stand in an environment. */
const passedOn = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'SYSTEMROOT',
  'WINDIR',
  'NODE_ENV',
];

/**
 * Of glibc, and nobody else's: threads allocate from one heap, so that what one of them freed another can use. Each keeps
 * what it freed to itself otherwise, for an index of 260 MB a tenth of it. What is allocated is mostly large.
 */
export const gatewayMemory = { MALLOC_ARENA_MAX: '1' } as const;

/** Beside the bundle; from source, the source. */
function gatewayFile(): string {
  const bundle = fileURLToPath(new URL('./gateway.cjs', import.meta.url));
  return existsSync(bundle) ? bundle : fileURLToPath(new URL('../gateway-main.ts', import.meta.url));
}

/** @throws nothing: a process that cannot be started ends at once */
export function forkGateway(): GatewayChild {
  const child = fork(gatewayFile(), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // The gateway's own flags: a debugger's port of the parent is not for it.
    execArgv: [],
    env: {
      ...Object.fromEntries(
        passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
      ),
      ...gatewayMemory,
    },
  });
  return {
    post: (message) => {
      // Gone already: `onEnd` tells.
      if (child.connected) child.send(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromGateway)),
    onEnd: (listener) => {
      let isTold = false;
      const tell = (how: string): void => {
        if (isTold) return;
        isTold = true;
        listener(how);
      };
      child.once('exit', (code, signal) => tell(signal ?? `exit code ${code ?? '?'}`));
      child.once('error', (error: NodeJS.ErrnoException) => tell(error.code ?? error.name));
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
