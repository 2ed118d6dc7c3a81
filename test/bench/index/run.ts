/**
 * npm run bench -- --only index: an index of conda of 500,000 records and 260 MB, filtered by licence, deny list,
 * advisories and age. Ways beside each other in one run, each in a process of its own, in turns; then through a gateway.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { orjsonVenv } from '../../support/python-clients.ts';
import { usePrivateStateDir } from '../../support/private-state-dir.ts';
import { run, stopAll } from '../children.ts';
import { print } from '../print.ts';
import type { Measured } from './measure.ts';
import { plainFacts, writeFacts } from './policies.ts';
import { repodataBytes } from './repodata.ts';
import { throughGateway } from './through-gateway.ts';

const records = Number(process.env['BENCH_RECORDS'] ?? '500000');
/** An odd number has a middle. */
const turns = Number(process.env['BENCH_TURNS'] ?? '3');
/** Made by scripts/provision.mjs. */
const python = join(orjsonVenv, 'bin', 'python');
const plainWay = '(a) JSON.parse, filter, JSON.stringify';
const goals = { first: 6, second: 100 };

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
  const index = join(dir, 'repodata.json');
  writeFileSync(index, repodataBytes(records));
  const indexBytes = statSync(index).size;
  const facts = writeFacts(dir, records);
  const plain = join(dir, 'plain.json');
  writeFileSync(plain, JSON.stringify(plainFacts(records, 'first')));
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const node = process.execPath;
  const ours = [node, here('index-store.ts'), index, String(records), JSON.stringify(facts)];
  const ways: readonly (readonly [name: string, command: readonly string[]])[] = [
    [plainWay, [node, here('parse-and-stringify.ts'), index, plain]],
    ['(b) Python, orjson', [python, here('parse-and-dump.py'), index, plain]],
    ['ours, WebAssembly', [...ours, 'wasm']],
    ['ours, TypeScript', [...ours, 'script']],
  ];
  console.log(
    `An index of ${records} records, ${(indexBytes / 1e6).toFixed(0)} MB; medians of ${turns} turns`,
  );
  const found = new Map<string, (readonly Measured[])[]>();
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, [command = '', ...args]] of ways) {
      const { stdout } = await run(command, args);
      const list = found.get(name) ?? [];
      found.set(name, [...list, JSON.parse(stdout) as readonly Measured[]]);
    }
  }
  const median = (name: string, pass: number, what: 'wallMs' | 'cpuMs'): number => {
    const values = (found.get(name) ?? []).map((all) => all[pass]?.[what] ?? Number.NaN);
    return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  };
  print('', 'wall', 'CPU', 'of (a)', 'by CPU', 'goal');
  for (const [name] of ways) {
    const isOurs = name.startsWith('ours');
    for (const [pass, what] of (isOurs ? ['first filter', 'second policy'] : ['']).entries()) {
      const times = (unit: 'wallMs' | 'cpuMs') =>
        `${(median(plainWay, 0, unit) / median(name, pass, unit)).toFixed(1)} x`;
      print(
        what === '' ? name : `${name}: ${what}`,
        `${median(name, pass, 'wallMs').toFixed(0)} ms`,
        `${median(name, pass, 'cpuMs').toFixed(0)} ms`,
        times('wallMs'),
        times('cpuMs'),
        isOurs ? `>= ${pass === 0 ? goals.first : goals.second} x` : '',
      );
    }
  }
  const kept = new Set([...found.values()].map((all) => all[0]?.[0]?.kept));
  if (kept.size !== 1) throw new Error(`They do not keep the same: ${[...kept].join()}`);
  await throughGateway(dir, index, indexBytes, records, facts);
}
