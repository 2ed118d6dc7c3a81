/** The gateway as it is in use: a process of its own, fed over its channel, which tells of every request. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newGatewayIdentity } from '../../src-main/gateway/probe.ts';
import type { FromGateway, LaunchGateway } from '../../src-main/gateway/protocol.ts';
import { gatewayMemory } from '../../src-main/hosts/fork-gateway.ts';
import { GatewayProcess } from '../../src-main/services/gateway-process.ts';
import type { GatewaySetup } from './gateway-bundle.ts';
import { bundleOf } from './gateway-bundle.ts';

export type BenchGateway = {
  readonly port: number;
  readonly pid: number | undefined;
  /** Requests that it told of so far. */
  readonly told: () => number;
  readonly rssBytes: () => number;
  /** Enforces another setup, of a higher number, from the next request on. */
  readonly change: (setup: GatewaySetup) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * @param requestLogDir where it logs requests, if it does
 * @param packageCacheDir where it keeps files of upstreams, if it does
 */
export async function startGateway(
  setup: GatewaySetup,
  requestLogDir?: string,
  packageCacheDir?: string,
): Promise<BenchGateway> {
  let child: ChildProcess | undefined;
  let told = 0;
  const launch: LaunchGateway = () => {
    const started = fork(fileURLToPath(new URL('../../src-main/gateway-main.ts', import.meta.url)), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      env: { ...process.env, ...gatewayMemory },
    });
    child = started;
    return {
      post: (message) => void started.send(message),
      onMessage: (listener) => started.on('message', (message) => listener(message as FromGateway)),
      onEnd: (listener) => started.once('exit', (code) => listener(`exit code ${code}`)),
      kill: () => void started.kill('SIGKILL'),
    };
  };
  const config = {
    host: '127.0.0.1',
    port: 0,
    accessLog: false,
    drainMs: 0,
    ...(requestLogDir === undefined ? {} : { requestLogDir, identity: newGatewayIdentity() }),
    ...(packageCacheDir === undefined
      ? {}
      : { packageCache: { dir: packageCacheDir, maxBytes: 20 * 1024 ** 3 }, identity: newGatewayIdentity() }),
  };
  const gateway = new GatewayProcess(launch, config, {
    onBatch: ({ events, untold }) => (told += events.length + untold.allowed + untold.denied + untold.errors),
    onDeath: (how) => {
      throw new Error(`The gateway ended: ${how}`);
    },
  });
  await gateway.load(bundleOf(setup));
  const { port } = await gateway.start();
  return {
    port,
    pid: child?.pid,
    told: () => told,
    rssBytes: () => rssBytesOf(child?.pid),
    change: async (changed) => void (await gateway.load(bundleOf(changed))),
    stop: () => gateway.stop(0),
  };
}

/** Linux only, else NaN. */
function rssBytesOf(pid: number | undefined): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(
    process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : '',
  );
  return Number(match?.[1]) * 1024;
}
