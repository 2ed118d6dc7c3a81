/**
 * `npm run bench -- --only interface`: what the table of tokens costs its user, in a browser and in the desktop app, at
 * 5,000 and 100,000 tokens, and what each screen loads. Every figure stands beside its goal. BENCH_TOKENS gives other
 * sizes, BENCH_HOSTS=browser or electron one host, BENCH_VAULTS a folder in which the generated vaults are kept.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { startPrivateSession } from '../../electron/support/private-session.ts';
import { wholeTexts } from '../../support/page-heap.ts';
import type { Opened } from '../../support/latchkey-test.ts';
import { openInBrowser, openInElectron } from '../../support/latchkey-test.ts';
import { usePrivateStateDir } from '../../support/private-state-dir.ts';
import { generateVault } from '../vault/generate.ts';
import { bundles } from './bundles.ts';
import { comeBack, drag, median, reload, search, sort, toTop, unlock, wheel } from './measure.ts';
import { rendererMiB, secretInHeap } from './secret.ts';

const sizes = (process.env['BENCH_TOKENS'] ?? '5000,100000').split(',').map(Number);
const hosts = (process.env['BENCH_HOSTS'] ?? 'browser,electron').split(',') as ('browser' | 'electron')[];
const turns = 3;
const goals = { paintMs: 1_000, framesOver50: 0, answerMs: 100, secrets: 0, partKiB: 500 };
const viewport = { width: 1280, height: 860 };

const rows: Record<string, Record<string, string>> = {};
let column = '';
const put = (row: string, value: number | string, goal?: number, unit = 'ms'): void => {
  const verdict = goal === undefined ? '' : Number(value) <= goal ? ' ok' : ' MISSED';
  rows[row] ??= {};
  rows[row]['goal'] ??= goal === undefined ? '' : `≤ ${goal} ${unit}`.trim();
  process.stderr.write(`  ${row}: ${value} ${unit}\n`);
  rows[row][column] = `${typeof value === 'number' ? Math.round(value) : value} ${unit}${verdict}`.trim();
};

async function opened(host: 'browser' | 'electron', dataDir: string): Promise<Opened> {
  if (host === 'electron') return openInElectron(dataDir, false, [wholeTexts]);
  const executablePath = process.env['LATCHKEY_CHROMIUM'] ?? '/usr/bin/chromium';
  const args = [wholeTexts, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  const launch = { args, ...(existsSync(executablePath) ? { executablePath } : {}) };
  return openInBrowser(await chromium.launch(launch), viewport, dataDir, false);
}

/** Starts the app anew for each turn; all else is measured in the last one. */
async function measure(host: 'browser' | 'electron', dataDir: string, size: number): Promise<void> {
  const paints: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const app = await opened(host, dataDir);
    try {
      paints.push(await unlock(app.page));
      if (turn === turns - 1) await measureOpen(app, size);
    } finally {
      await app.close();
    }
  }
  put('unlocked, to painted rows', median(paints), goals.paintMs);
}

async function measureOpen({ page }: Opened, size: number): Promise<void> {
  const several = async (work: () => Promise<number>): Promise<number> => {
    const all: number[] = [];
    for (let turn = 0; turn < turns; turn += 1) all.push(await work());
    return median(all);
  };
  await page.waitForTimeout(3_000);
  put('page loaded anew, to painted rows', await several(() => reload(page)), goals.paintMs);
  put('from another screen, to painted rows', await several(() => comeBack(page)), goals.paintMs);

  const wheeled = await wheel(page);
  put('wheel: frames over 50 ms', wheeled.over50, goals.framesOver50, '');
  put('wheel: worst frame', wheeled.worstMs);
  put('wheel: longest task of the page', wheeled.longestTaskMs || '< 50');
  put('wheel: frames with rows still loading', `${wheeled.loading} of ${wheeled.frames}`, undefined, '');
  const dragged = await drag(page);
  put('scrollbar through all: frames over 50 ms', dragged.over50, goals.framesOver50, '');
  put('scrollbar through all: worst frame', dragged.worstMs);
  put('scrollbar through all: longest task of the page', dragged.longestTaskMs || '< 50');
  put('scrollbar at rest, to rows', dragged.restMs, goals.answerMs);
  await toTop(page);

  // Within the names of holders, which end in their number: each letter finds fewer.
  const found = await search(page, size > 98_765 ? '98765' : '4321');
  put('search: key to answer, median', found.medianMs, goals.answerMs);
  put('search: key to answer, worst', found.worstMs);
  put('search: longest task of the page', found.longestTaskMs || '< 50');
  const sorted = await sort(page);
  put('sort: click to answer, median', sorted.medianMs, goals.answerMs);
  put('sort: click to answer, worst', sorted.worstMs);
  put('sort: longest task of the page', sorted.longestTaskMs || '< 50');

  const secret = await secretInHeap(page);
  put('secret in the heap while it is shown, spellings', secret.shown, undefined, '');
  put('secret in the heap after its dialog, spellings', secret.closed, goals.secrets, '');
  put('heap of the page', secret.heapMiB, undefined, 'MiB');
  put('memory of the page’s process', rendererMiB(), undefined, 'MiB');
}

function printBundles(): void {
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`;
  const { parts, later } = bundles();
  const table = Object.fromEntries(
    [...parts, ...later.map((part) => ({ ...part, name: `${part.name}, on demand` }))].map((part) => [
      part.name,
      { scripts: part.files, raw: kib(part.bytes), gzip: kib(part.gzipBytes) },
    ]),
  );
  console.log('\nWhat a screen loads beside the frame, as scripts');
  console.table(table);
}

/** Opened once, so that a checkpoint is there as it is with any vault in use. */
async function prepared(root: string, size: number): Promise<string> {
  const dir = join(root, String(size));
  if (!existsSync(join(dir, 'vault.head'))) {
    mkdirSync(root, { recursive: true });
    process.stderr.write(`making ${size} tokens…\n`);
    await generateVault(dir, size);
  }
  // Any free port: another gateway may run here.
  writeFileSync(join(dir, 'settings.json'), JSON.stringify({ gateway: { port: 0 } }));
  if (!existsSync(join(dir, 'checkpoints'))) {
    const app = await opened('browser', dir);
    await unlock(app.page);
    while (!existsSync(join(dir, 'checkpoints'))) await app.page.waitForTimeout(500);
    await app.page.waitForTimeout(5_000);
    await app.close();
  }
  return dir;
}

const removeStateDir = usePrivateStateDir();
const work = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
const session = hosts.includes('electron') ? await startPrivateSession() : undefined;
Object.assign(process.env, session?.env);
try {
  for (const size of sizes) {
    const dir = await prepared(process.env['BENCH_VAULTS'] ?? join(work, 'vaults'), size);
    for (const host of hosts) {
      column = `${host}, ${size.toLocaleString('en')}`;
      process.stderr.write(`${column}…\n`);
      await measure(host, dir, size);
    }
  }
} finally {
  session?.stop();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  removeStateDir();
}
console.log(`\nThe list of tokens, median of ${turns} turns`);
console.table(rows);
printBundles();
