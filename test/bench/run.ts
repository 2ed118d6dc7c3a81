/**
 * npm run bench: what the token check costs, and whether a large download stays out of memory. Everything is measured in
 * one run on one machine, beside each other, each server in its own process; data is made in a temporary folder.
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { newToken } from '../../src-main/tokens/format.ts';
import { answerOf, run, startServer, stopAll } from './children.ts';
import { usePrivateStateDir } from '../support/private-state-dir.ts';
import { feedCost } from './feed-cost.ts';
import type { GatewaySetup } from './gateway-server.ts';
import { startPypiservers } from './pypiserver.ts';

const wrkArgs = ['-t2', '-c32', `-d${process.env['BENCH_SECONDS'] ?? '5'}s`];
/** An odd number has a middle. */
const rounds = 3;
const packageBytes = 200 * 1024 * 1024;
const goals = { ofBare: 0.6, ofPypiserver: 20, memoryMb: 32 };
const mb = (bytes: number) => bytes / 1024 / 1024;

const dir = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
const removeStateDir = usePrivateStateDir();
try {
  await main();
} finally {
  stopAll();
  rmSync(dir, { recursive: true, force: true });
  removeStateDir();
}

async function main(): Promise<void> {
  await compareFeed();
  const data = makeData();
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
  const gateway = await startServer('./gateway-server.ts', JSON.stringify(setup));
  const base = `http://127.0.0.1:${gateway.port}`;
  const basic = `Basic ${Buffer.from(`token:${token}`).toString('base64')}`;
  const indexFile = join(data.conda, 'noarch', 'repodata.json');
  const bare = await startServer('./bare-server.ts', indexFile);

  const subjects: Subject[] = [
    {
      name: 'bare node:http, same bytes, no check',
      url: `http://127.0.0.1:${bare.port}/`,
      child: bare.child,
    },
    {
      name: 'gateway, conda repodata, Basic',
      url: `${base}/conda/conda/noarch/repodata.json`,
      authorization: basic,
      child: gateway.child,
    },
    {
      name: 'gateway, conda repodata, token in path',
      url: `${base}/conda/t/${token}/conda/noarch/repodata.json`,
      child: gateway.child,
    },
    {
      name: 'gateway, PyPI project page, Basic',
      url: `${base}/pypi/pypi/simple/acme-many/`,
      authorization: basic,
      child: gateway.child,
    },
    ...(await startPypiservers(data.pypi, dir)),
  ];
  await compare(subjects);

  console.log(`\n${mb(packageBytes)} MB package through the gateway`);
  for (const [name, path] of [
    ['from a local folder', 'conda/noarch/big-1.0-0.conda'],
    ['from an HTTP upstream', 'remote/noarch/big-1.0-0.conda'],
  ] as const) {
    const { seconds, grownBytes } = await download(gateway.child, `${base}/conda/${path}`, basic);
    print(
      name,
      `${(mb(packageBytes) / seconds).toFixed(0)} MB/s`,
      `memory +${mb(grownBytes).toFixed(1)} MB, goal ${goals.memoryMb}`,
    );
  }
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

type Subject = { name: string; url: string; authorization?: string; child: ChildProcess };
type Measured = { perSecond: number; cpuMicros: number };

/** Takes turns, so that what else the machine does meanwhile hits all alike; then medians. */
async function compare(subjects: readonly Subject[]): Promise<void> {
  console.log(`Token-checked GETs of a warm index: wrk ${wrkArgs.join(' ')}, ${rounds} turns each, medians`);
  const results = new Map<Subject, Measured[]>(subjects.map((subject) => [subject, []]));
  const sizes = new Map<Subject, number>();
  for (const subject of subjects) {
    const headers = subject.authorization === undefined ? {} : { authorization: subject.authorization };
    const answer = await fetch(subject.url, { headers });
    if (!answer.ok) throw new Error(`${subject.name}: HTTP ${answer.status}`);
    sizes.set(subject, (await answer.arrayBuffer()).byteLength);
    await wrk(subject, ['-t2', '-c32', '-d1s']);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [subject, measured] of results) measured.push(await wrk(subject, wrkArgs));
  }
  const middle = (subject: Subject, what: keyof Measured) =>
    (results.get(subject) ?? []).map((measured) => measured[what]).toSorted((a, b) => a - b)[
      Math.floor(rounds / 2)
    ] ?? 0;
  const [bare, ...others] = subjects;
  if (bare === undefined) return;
  const pypiservers = others.filter((subject) => subject.name.startsWith('pypiserver'));
  print(
    '',
    'requests/s',
    'CPU/request',
    'body',
    'of bare',
    'of bare by CPU',
    ...pypiservers.map(({ name }) => `x ${name}`),
  );
  for (const subject of subjects) {
    const rate = middle(subject, 'perSecond');
    const cpu = middle(subject, 'cpuMicros');
    print(
      subject.name,
      rate.toFixed(0),
      `${cpu.toFixed(0)} us`,
      `${sizes.get(subject)} B`,
      (rate / middle(bare, 'perSecond')).toFixed(2),
      (middle(bare, 'cpuMicros') / cpu).toFixed(2),
      ...pypiservers.map((other) => (rate / middle(other, 'perSecond')).toFixed(1)),
    );
  }
  print('goal', '', '', '', `>= ${goals.ofBare}`, '', ...pypiservers.map(() => `>= ${goals.ofPypiserver}`));
}

async function wrk(subject: Subject, args: readonly string[]): Promise<Measured> {
  const headerArgs =
    subject.authorization === undefined ? [] : ['-H', `authorization: ${subject.authorization}`];
  const before = cpuMicrosOf(subject.child);
  const { stdout } = await run('wrk', [...args, ...headerArgs, subject.url]);
  if (stdout.includes('Non-2xx')) throw new Error(stdout);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    cpuMicros: (cpuMicrosOf(subject.child) - before) / requests,
  };
}

/** Time on a processor so far: what a server costs even while others use the machine. Linux only, else NaN. */
function cpuMicrosOf(child: ChildProcess): number {
  const path = `/proc/${child.pid}/stat`;
  if (!existsSync(path)) return Number.NaN;
  const fields = (readFileSync(path, 'utf8').split(') ')[1] ?? '').split(' ');
  const microsPerTick = 10_000;
  return (Number(fields[11]) + Number(fields[12])) * microsPerTick;
}

/** Downloads and throws away; samples the gateway's resident memory meanwhile. */
async function download(gateway: ChildProcess, url: string, authorization: string) {
  const memory = async () => {
    gateway.send('memory');
    return (await answerOf<{ rss: number }>(gateway)).rss;
  };
  const before = await memory();
  let peak = before;
  let isDone = false;
  const sampling = (async () => {
    while (!isDone) {
      peak = Math.max(peak, await memory());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const startedAt = performance.now();
  const received = await new Promise<number>((resolve, reject) => {
    get(url, { headers: { authorization } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.on('end', () => resolve(bytes));
      answer.on('error', reject);
    }).on('error', reject);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  isDone = true;
  await sampling;
  if (received !== packageBytes) throw new Error(`${received} bytes came instead of ${packageBytes}.`);
  return { seconds, grownBytes: peak - before };
}

function makeData(): { conda: string; pypi: string } {
  const conda = join(dir, 'conda');
  mkdirSync(join(conda, 'noarch'), { recursive: true });
  const records = Object.fromEntries(
    Array.from({ length: 5 }, (_, index) => [
      `acme-${index}-1.0-0.conda`,
      {
        name: `acme-${index}`,
        version: '1.0',
        build: '0',
        build_number: 0,
        depends: ['python >=3.12'],
        sha256: 'ab'.repeat(32),
        size: 1234,
        subdir: 'noarch',
        noarch: 'python',
        license: 'MIT',
      },
    ]),
  );
  const index = { info: { subdir: 'noarch' }, packages: {}, 'packages.conda': records, repodata_version: 1 };
  writeFileSync(join(conda, 'noarch', 'repodata.json'), JSON.stringify(index));
  const chunk = randomBytes(1024 * 1024);
  const file = openSync(join(conda, 'noarch', 'big-1.0-0.conda'), 'w');
  for (let written = 0; written < packageBytes; written += chunk.length) writeSync(file, chunk);
  closeSync(file);

  const pypi = join(dir, 'pypi');
  mkdirSync(pypi);
  for (let minor = 0; minor < 5; minor += 1) writeWheel(pypi, `1.${minor}.0`);
  return { conda, pypi };
}

function writeWheel(folder: string, version: string): void {
  const info = `acme_many-${version}.dist-info`;
  const text = (content: string) => new TextEncoder().encode(content);
  const files = {
    [`${info}/METADATA`]: text(
      `Metadata-Version: 2.1\nName: acme-many\nVersion: ${version}\nRequires-Python: >=3.9\n`,
    ),
    [`${info}/WHEEL`]: text(
      'Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ),
    [`${info}/RECORD`]: text(''),
  };
  writeFileSync(join(folder, `acme_many-${version}-py3-none-any.whl`), zipSync(files));
}

function print(...columns: string[]): void {
  console.log(
    `  ${columns.map((column, index) => column.padEnd([40, 12, 12, 8, 9, 15][index] ?? 0)).join(' ')}`,
  );
}
