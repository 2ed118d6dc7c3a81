/** The gateway as a utility process of Electron: the release's Electron cannot run as Node, so there is no other child. */
import path from 'node:path';
import { utilityProcess } from 'electron';
import type { FromGateway, GatewayChild } from '../../gateway/protocol.ts';

const passedOn = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'SYSTEMROOT', 'WINDIR'];

export function forkUtilityGateway(): GatewayChild {
  const child = utilityProcess.fork(path.join(__dirname, 'gateway.cjs'), [], {
    serviceName: 'Latchkey gateway',
    stdio: ['ignore', 'ignore', 'inherit'],
    env: Object.fromEntries(
      passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
  });
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', (message: FromGateway) => listener(message)),
    onEnd: (listener) => child.once('exit', (code) => listener(`exit code ${code}`)),
    kill: () => void child.kill(),
  };
}
