/**
 * npm run bench -- --only cache: files from the package cache beside nginx that serves the same files from the same disk, and
 * what part of real installations comes from the cache.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PackageCache } from '../../src-main/package-cache/package-cache.ts';
import { newToken } from '../../src-main/tokens/format.ts';
import { usePrivateStateDir } from '../support/private-state-dir.ts';
import { runClient } from '../support/python-clients.ts';
import { denyList, policyOf } from '../unit/gateway/policies/policies.ts';
import { wheel } from '../unit/gateway/pypi-scene.ts';
import { startServer, stopAll } from './children.ts';
import type { Subject } from './compare.ts';
import { compare, cpuMicrosOf } from './compare.ts';
import type { BenchGateway } from './gateway.ts';
import { startGateway } from './gateway.ts';
import { startNginx } from './nginx.ts';
import { print } from './print.ts';

const mib = 1024 * 1024;
const sizes = { '1 KiB': 1024, '1 MiB': mib, '64 MiB': 64 * mib };
/** Longer ones are fetched one after the other. */
const maxAtOnceBytes = 4 * mib;
const downloads = 5;
const [packages, jobs] = [30, 4];

const dir = mkdtempSync(join(tmpdir(), 'latchkey-bench-cache-'));
const removeStateDir = usePrivateStateDir();
let gateway: BenchGateway | undefined;
/** On the same folder. */
let underPolicies: BenchGateway | undefined;
try {
  await main();
} finally {
  await gateway?.stop();
  await underPolicies?.stop();
  stopAll();
  rmSync(dir, { recursive: true, force: true });
  removeStateDir();
}

async function main(): Promise<void> {
  const root = join(dir, 'upstream');
  writeConda(join(root, 'noarch'));
  writeWheels(join(root, 'wheels'));
  const upstream = await startServer('./index-server.ts', root);
  const origin = `http://127.0.0.1:${upstream.port}/`;
  const { token } = newToken((count) => randomBytes(count));
  const cacheDir = join(dir, 'package-cache');
  const setup = {
    token,
    channels: [
      { name: 'conda', kind: 'conda', url: origin },
      { name: 'pypi', kind: 'pypi', url: `${origin}simple/` },
    ],
  } as const;
  gateway = await startGateway(setup, undefined, cacheDir);
  const authorization = `Basic ${Buffer.from(`token:${token}`).toString('base64')}`;
  await install(`http://token:${token}@127.0.0.1:${gateway.port}/pypi/pypi/simple/`);
  await gateway.stop();
  await tellHits(cacheDir);
  gateway = await startGateway(setup, undefined, cacheDir);
  const policies = [policyOf([denyList('conda', 'other')])];
  underPolicies = await startGateway({ ...setup, policies }, undefined, cacheDir);
  for (const [size, bytes] of Object.entries(sizes))
    // oxlint-disable-next-line no-await-in-loop
    await files(root, authorization, token, size, bytes);
}

function writeConda(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const records: Record<string, object> = {};
  for (const bytes of Object.values(sizes)) {
    const filename = `size-${bytes}-0.conda`;
    const content = randomBytes(bytes);
    writeFileSync(join(folder, filename), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const name = { name: 'size', version: String(bytes), build: '0', build_number: 0, depends: [] };
    records[filename] = { ...name, sha256, size: bytes, subdir: 'noarch' };
  }
  const index = { info: { subdir: 'noarch' }, packages: {}, 'packages.conda': records, repodata_version: 1 };
  writeFileSync(join(folder, 'repodata.json'), JSON.stringify(index));
}

function writeWheels(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let no = 0; no < packages; no += 1) {
    const more = { [`app_${no}/data.txt`]: randomBytes(50_000 * (1 + (no % 8))).toString('base64') };
    writeFileSync(join(folder, `app_${no}-1.0-py3-none-any.whl`), wheel(`app_${no}`, '1.0', { more }));
  }
}

/** CI jobs, each with nothing in its client's cache. */
async function install(index: string): Promise<void> {
  const names = Array.from({ length: packages }, (_, no) => `app-${no}`);
  for (let job = 0; job < jobs; job += 1) {
    const home = join(dir, `job-${job}`);
    mkdirSync(home);
    const target = ['--target', join(home, 'site'), ...names];
    const env = { HOME: home, UV_NO_CONFIG: '1', UV_DEFAULT_INDEX: index, PIP_INDEX_URL: index };
    // oxlint-disable-next-line no-await-in-loop
    const { code, output } = await (job % 2 === 0
      ? runClient('uv', ['pip', 'install', '--no-cache', ...target], { ...env, UV_PYTHON_DOWNLOADS: 'never' })
      : runClient('pip', ['install', '--no-cache-dir', '--no-deps', ...target], {
          ...env,
          PIP_CONFIG_FILE: '/dev/null',
          PIP_DISABLE_PIP_VERSION_CHECK: '1',
        }));
    if (code !== 0) throw new Error(output.slice(-2000));
  }
}

async function tellHits(cacheDir: string): Promise<void> {
  const cache = new PackageCache({ dir: cacheDir, maxBytes: 20 * 1024 ** 3, now: Date.now });
  const { hits, misses, hitBytes, missBytes } = await cache.stats();
  console.log(
    `${jobs} CI jobs that install ${packages} packages, uv and pip in turns, without a cache of theirs`,
  );
  const share = (part: number, other: number) => `${((100 * part) / (part + other)).toFixed(0)} %`;
  print('answers from the cache', share(hits, misses), `${hits} of ${hits + misses}`);
  const [hitMib, allMib] = [hitBytes / mib, (hitBytes + missBytes) / mib].map((value) => value.toFixed(0));
  print('bytes from the cache', share(hitBytes, missBytes), `${hitMib} of ${allMib} MiB`);
}

async function files(
  root: string,
  authorization: string,
  token: string,
  size: string,
  bytes: number,
): Promise<void> {
  const path = `noarch/size-${bytes}-0.conda`;
  const nginx = { dir, root, token, authorization, path };
  const [open] = await startNginx({ ...nginx, isOpen: true });
  const ours = async (name: string, by: BenchGateway | undefined): Promise<Subject> => {
    const channel = `http://127.0.0.1:${by?.port}/conda/conda`;
    const url = `${channel}/${path}`;
    // Its index, and the file itself, which is checked once.
    for (const first of [`${channel}/noarch/repodata.json`, url, url])
      // oxlint-disable-next-line no-await-in-loop
      await (await fetch(first, { headers: { authorization } })).arrayBuffer();
    return { name, url, authorization, pids: [by?.pid], ...(open === undefined ? {} : { bare: open }) };
  };
  const subjects = [
    await ours('gateway, from its package cache, Basic', gateway),
    await ours('the same, under policies', underPolicies),
    ...(open === undefined ? [] : [open, ...(await startNginx(nginx, open))]),
  ];
  if (bytes > maxAtOnceBytes) return await oneByOne(subjects, size, bytes);
  const compared = await compare(subjects, `A file of ${size}`);
  for (const { subject, perSecond } of compared)
    print(subject.name, `${((perSecond * bytes) / mib).toFixed(0)} MiB/s`);
}

/** The fastest of some downloads, and what all took on a processor. */
async function oneByOne(subjects: readonly Subject[], size: string, bytes: number): Promise<void> {
  console.log(`A file of ${size}, one download after the other, ${downloads} each`);
  for (const { name, url, authorization = '', pids } of subjects) {
    const before = cpuMicrosOf(pids);
    let leastMs = Infinity;
    for (let turn = 0; turn < downloads; turn += 1) {
      const startedAt = performance.now();
      // oxlint-disable-next-line no-await-in-loop
      const { body } = await fetch(url, { headers: { authorization } });
      // oxlint-disable-next-line no-await-in-loop
      await body?.pipeTo(new WritableStream());
      leastMs = Math.min(leastMs, performance.now() - startedAt);
    }
    const cpuMs = (cpuMicrosOf(pids) - before) / 1000 / downloads;
    print(name, `${((bytes / mib / leastMs) * 1000).toFixed(0)} MiB/s`, `${cpuMs.toFixed(0)} ms CPU`);
  }
}
