/**
 * npm run bench -- --only requests: what the token check costs, and whether a large download stays out of memory.
 * Everything is measured in one run on one machine, beside each other, each server in its own process; data is made in a
 * temporary folder.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newToken } from '../../src-main/tokens/format.ts';
import { usePrivateStateDir } from '../support/private-state-dir.ts';
import { startServer, stopAll } from './children.ts';
import type { Subject } from './compare.ts';
import { compare } from './compare.ts';
import { makeData, packageBytes } from './data.ts';
import { newAdmin } from '../support/log-rows.ts';
import { download } from './download.ts';
import { feedCost } from './feed-cost.ts';
import type { BenchGateway } from './gateway.ts';
import type { GatewaySetup } from './gateway-bundle.ts';
import { startGateway } from './gateway.ts';
import { startNginx } from './nginx.ts';
import { print } from './print.ts';
import { startPypiservers } from './pypiserver.ts';

const memoryGoalMb = 32;
const mb = (bytes: number) => bytes / 1024 / 1024;

const dir = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
const removeStateDir = usePrivateStateDir();
let gateway: BenchGateway | undefined;
let logging: BenchGateway | undefined;
try {
  await main();
} finally {
  await gateway?.stop();
  await logging?.stop();
  stopAll();
  rmSync(dir, { recursive: true, force: true });
  removeStateDir();
}

async function main(): Promise<void> {
  await compareFeed();
  const data = makeData(dir);
  const { token } = newToken((count) => randomBytes(count));
  const upstream = await startServer('./package-server.ts', String(packageBytes));
  const setup: GatewaySetup = {
    token,
    channels: [
      { name: 'conda', kind: 'conda', folder: data.conda },
      { name: 'pypi', kind: 'pypi', folder: data.pypi },
      { name: 'remote', kind: 'conda', url: `http://127.0.0.1:${upstream.port}` },
    ],
  };
  gateway = await startGateway(setup);
  const { recipient } = await newAdmin();
  logging = await startGateway({ ...setup, logRecipients: [recipient] }, join(dir, 'request-log'));
  const base = `http://127.0.0.1:${gateway.port}`;
  const basic = `Basic ${Buffer.from(`token:${token}`).toString('base64')}`;
  const condaUrl = `${base}/conda/conda/noarch/repodata.json`;
  const pypiUrl = `${base}/pypi/pypi/simple/acme-many/`;
  const bareConda = await bareOf('conda', condaUrl, basic);
  const barePypi = await bareOf('PyPI', pypiUrl, basic);
  const pids = [gateway.pid];
  const filePath = '/conda/conda/noarch/small-1.0-0.conda';
  const logBase = `http://127.0.0.1:${logging.port}`;
  const logged = { authorization: basic, pids: [logging.pid] };

  const file = { name: 'gateway, a file of 1 kB', url: `${base}${filePath}`, authorization: basic, pids };

  await compare([
    bareConda,
    barePypi,
    { name: 'gateway, conda repodata, Basic', url: condaUrl, authorization: basic, pids, bare: bareConda },
    {
      name: 'gateway, conda repodata, token in path',
      url: `${base}/conda/t/${token}/conda/noarch/repodata.json`,
      pids,
      bare: bareConda,
    },
    { name: 'gateway, PyPI project page, Basic', url: pypiUrl, authorization: basic, pids, bare: barePypi },
    {
      name: 'the same with a request log (goal 0.80)',
      url: `${logBase}/pypi/pypi/simple/acme-many/`,
      ...logged,
      bare: barePypi,
    },
    file,
    // Its segments are taken into the store and packed meanwhile, which is most of what is beyond 1.
    { name: 'the same with a request log: a row each', url: `${logBase}${filePath}`, ...logged, bare: file },
    ...(await startNginx({ dir, root: data.conda, token, authorization: basic }, bareConda)),
    ...(await startPypiservers(data.pypi, dir)),
  ]);

  console.log(`\n${mb(packageBytes)} MB package through the gateway`);
  for (const [name, path] of [
    ['from a local folder', 'conda/noarch/big-1.0-0.conda'],
    ['from an HTTP upstream', 'remote/noarch/big-1.0-0.conda'],
  ] as const) {
    const { seconds, grownBytes } = await download(gateway, `${base}/conda/${path}`, basic);
    print(
      name,
      `${(mb(packageBytes) / seconds).toFixed(0)} MB/s`,
      `memory +${mb(grownBytes).toFixed(1)} MB, goal ${memoryGoalMb}`,
    );
  }
}

/** A server that sends what the gateway sends there, without asking anything. */
async function bareOf(what: string, url: string, authorization: string): Promise<Subject> {
  const answer = await fetch(url, { headers: { authorization, 'accept-encoding': 'identity' } });
  const bytes = Buffer.from(await answer.arrayBuffer()).toString('base64');
  const { child, port } = await startServer(
    './bare-server.ts',
    bytes,
    answer.headers.get('content-type') ?? '',
  );
  return {
    name: `bare node:http, the bytes of ${what}`,
    url: `http://127.0.0.1:${port}/`,
    pids: [child.pid],
  };
}

/** Goal: one issue costs ≤ 1 ms, whatever the number of tokens. */
async function compareFeed(): Promise<void> {
  console.log('From a commit to the gateway’s acknowledgement, in one process');
  for (const tokens of [1_000, 10_000, 100_000]) {
    const { issueMs, wholeMs, longestTurnMs } = await feedCost(tokens);
    print(
      `${tokens} tokens`,
      `issue ${issueMs.toFixed(3)} ms, goal 1; whole bundle ${wholeMs.toFixed(0)} ms CPU, longest turn ${longestTurnMs.toFixed(0)} ms`,
    );
  }
}
