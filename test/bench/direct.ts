/**
 * npm run bench -- --only direct: what the gateway adds to going to an index directly, over a line of 30 ms and 50 Mbit/s: a large
 * page, a conda index, and a resolver's work on a tree of 200 packages. Both sides share the processors, so another program on them
 * counts against the gateway: measure on an idle computer.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newToken } from '../../src-main/tokens/format.ts';
import { runClient } from '../support/python-clients.ts';
import { startServer, stopAll } from './children.ts';
import type { GatewaySetup } from './gateway-bundle.ts';

/** An odd number has a middle. */
const turns = 5;
const goals = { coldPage: 1.3, coldIndex: 1.3, coldTree: 1.3, warmTree: 1.0 };
const json = 'application/vnd.pypi.simple.v1+json';

const dir = mkdtempSync(join(tmpdir(), 'latchkey-direct-'));
try {
  await main();
} finally {
  stopAll();
  rmSync(dir, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const upstream = await startServer('./replica-server.ts');
  const direct = `http://127.0.0.1:${upstream.port}/simple/`;
  const { token } = newToken((count) => randomBytes(count));
  // A channel for each cold turn: nothing of it is known.
  const names = Array.from({ length: turns * 2 + 2 }, (_, index) => `cold-${index}`);
  const condaNames = Array.from({ length: turns + 1 }, (_, index) => `conda-${index}`);
  const origin = `http://127.0.0.1:${upstream.port}/`;
  const setup: GatewaySetup = {
    token,
    channels: [
      ...names.map((name) => ({ name, kind: 'pypi', url: direct }) as const),
      ...condaNames.map((name) => ({ name, kind: 'conda', url: origin }) as const),
    ],
  };
  const gateway = await startServer('./gateway-server.ts', JSON.stringify(setup));
  const throughGateway = (name: string) =>
    `http://token:${token}@127.0.0.1:${gateway.port}/pypi/${name}/simple/`;

  // What is loaded on first use.
  await page(`${throughGateway(names[0] ?? '')}pydantic-core/`);
  const pages: { direct: number[]; cold: number[] } = { direct: [], cold: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    pages.direct.push(await page(`${direct}pydantic-core/`));
    pages.cold.push(await page(`${throughGateway(names[turn + 1] ?? '')}pydantic-core/`));
  }
  show('page of 15,057 files, cold', pages.cold, pages.direct, goals.coldPage);

  // Sent when it is whole, and not while it comes: that must not show.
  const indexes: { direct: number[]; cold: number[] } = { direct: [], cold: [] };
  const index = (base: string) => page(`${base}linux-64/repodata.json.zst`);
  const conda = (name: string) => `http://token:${token}@127.0.0.1:${gateway.port}/conda/${name}/`;
  await index(conda(condaNames[turns] ?? ''));
  for (let turn = 0; turn < turns; turn += 1) {
    indexes.direct.push(await index(origin));
    indexes.cold.push(await index(conda(condaNames[turn] ?? '')));
  }
  show('conda index of 100,000 packages, cold', indexes.cold, indexes.direct, goals.coldIndex);

  const trees: { direct: number[]; cold: number[]; warm: number[] } = { direct: [], cold: [], warm: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    const name = names[turn + turns + 1] ?? '';
    trees.direct.push(await tree(direct));
    trees.cold.push(await tree(throughGateway(name)));
    trees.warm.push(await tree(throughGateway(name)));
  }
  show('uv pip compile of 200 packages, cold', trees.cold, trees.direct, goals.coldTree);
  show('uv pip compile of 200 packages, warm', trees.warm, trees.direct, goals.warmTree);
}

/** Milliseconds until the whole document has come, over a connection of its own. */
function page(at: string): Promise<number> {
  const url = new URL(at);
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const { username, password } = url;
    const auth = username === '' ? {} : { auth: `${username}:${password}` };
    const headers = { accept: json, 'accept-encoding': 'gzip, deflate' };
    const options = { port: url.port, path: url.pathname, headers, agent: new Agent(), ...auth };
    get(options, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`HTTP ${answer.statusCode} ${answer.statusMessage}`));
      answer.resume().on('end', () => resolve(performance.now() - startedAt));
    }).on('error', reject);
  });
}

/** Milliseconds that uv takes to resolve the tree, with nothing in its cache. */
async function tree(index: string): Promise<number> {
  const requirements = join(dir, 'requirements.in');
  writeFileSync(requirements, 'tree-0\n');
  const startedAt = performance.now();
  const args = ['pip', 'compile', '--quiet', '--no-cache', '--no-header', '--index-url', index, requirements];
  const { code, output } = await runClient('uv', args, { HOME: dir });
  const tookMs = performance.now() - startedAt;
  const found = output.match(/^tree-\d+==1\.39$/gm)?.length;
  if (code !== 0 || found !== 200) throw new Error(`uv found ${found} packages:\n${output.slice(0, 2000)}`);
  return tookMs;
}

function show(name: string, ours: readonly number[], direct: readonly number[], goal: number): void {
  const [mine, theirs] = [median(ours), median(direct)];
  console.log(
    `  ${name.padEnd(40)} ${mine.toFixed(0).padStart(6)} ms, direct ${theirs.toFixed(0).padStart(6)} ms: ${(mine / theirs).toFixed(2)} x, goal <= ${goal}`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
