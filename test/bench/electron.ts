/**
 * Prints what the desktop app costs: cold start to the unlock screen, unlock to a usable table of 1,000 tokens' first
 * page, memory of all its processes at idle, size of what is packed. `node test/bench/electron.ts`. In the Electron that
 * the tests obtain; the time of a first start after a boot is longer, as nothing is in the disk's cache then.
 */
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import type { Bridge } from '../../shared/contract/types.ts';
import { builtProduct } from '../electron/support/app-tree.ts';
import { obtainElectron } from '../electron/support/obtain-electron.ts';
import { startPrivateSession } from '../electron/support/private-session.ts';
import { launchLatchkey } from '../support/electron-app.ts';

const passphrase = 'quiet-otter-lantern-83-brick';
const rounds = 5;
const tokenCount = 1_000;

async function must(page: Page, method: string, input: unknown): Promise<Record<string, unknown>> {
  const result = await page.evaluate(
    ([name, value]) => (window as unknown as { latchkey: Bridge }).latchkey.invoke(name, value),
    [method, input] as const,
  );
  if (!result.ok) throw new Error(`${method}: ${JSON.stringify(result.error.says)}`);
  return result.value as Record<string, unknown>;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Proportional set size of a process and all below it, MiB: shared pages are counted once over all. */
function memoryMiB(rootPid: number): { total: number; processes: number } {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      parents.set(Number(name), Number(parent));
    } catch {
      // It ended meanwhile.
    }
  }
  const family = [...parents.keys()].filter((pid) => {
    for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === rootPid) return true;
    return false;
  });
  const kib = family.map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1]),
  );
  return { total: Math.round(kib.reduce((sum, value) => sum + value, 0) / 1024), processes: family.length };
}

function sizeMiB(folder: string): number {
  const bytes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(path.join(folder, name)))
    .filter((stat) => stat.isFile())
    .reduce((sum, stat) => sum + stat.size, 0);
  return Number((bytes / 1024 / 1024).toFixed(1));
}

const session = await startPrivateSession();
Object.assign(process.env, session.env);
const work = mkdtempSync(path.join(tmpdir(), 'latchkey-bench-'));
try {
  const seed = path.join(work, 'seed');
  const first = await launchLatchkey({ dataDir: seed });
  const settings = await must(first.page, 'settings.get', {});
  await must(first.page, 'session.create', { organizationName: 'Acme', operatorName: 'Ada', passphrase });
  await must(first.page, 'settings.set', { ...settings, gateway: { autoStart: false } });
  const team = await must(first.page, 'teams.create', { name: 'data' });
  const environments = (await must(first.page, 'environments.list', {})) as unknown as { id: string }[];
  const channel = await must(first.page, 'channels.create', {
    name: 'main',
    kind: 'conda',
    upstream: { type: 'folder', label: 'bench', path: tmpdir() },
    environmentIds: [environments[0]!.id],
  });
  for (let index = 0; index < tokenCount; index += 1) {
    await must(first.page, 'tokens.issue', {
      holder: { kind: 'service', name: `ci-${index}` },
      teamId: team['id'],
      environmentId: environments[0]!.id,
      channelIds: [channel['id']],
      ttlDays: 90,
    });
  }
  await first.close();

  const starts: number[] = [];
  const unlocks: number[] = [];
  let memory = { total: 0, processes: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const dataDir = path.join(work, `round-${round}`);
    cpSync(seed, dataDir, { recursive: true });
    const startedAtMs = performance.now();
    const { app, page, close } = await launchLatchkey({ dataDir });
    const field = page.getByLabel('Passphrase');
    await field.waitFor();
    starts.push(performance.now() - startedAtMs);
    await field.fill(passphrase);
    await page.evaluate(() => (location.hash = '#/tokens'));
    const unlockAtMs = performance.now();
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await page.getByRole('row').nth(5).waitFor();
    unlocks.push(performance.now() - unlockAtMs);
    await page.waitForTimeout(3_000);
    memory = memoryMiB(app.process().pid!);
    await close();
  }
  const electron = await obtainElectron();
  const lines = [
    `Electron ${electron.version}, ${tokenCount} tokens, median of ${rounds}`,
    `cold start to the unlock screen   ${Math.round(median(starts))} ms`,
    `unlock to a usable table          ${Math.round(median(unlocks))} ms (most of it is Argon2id)`,
    `memory of all processes, idle     ${memory.total} MiB PSS in ${memory.processes} processes`,
    `size of the app (dist/)           ${sizeMiB(builtProduct())} MiB`,
    `size with Electron, unpacked      ${(sizeMiB(electron.distDir) + sizeMiB(builtProduct())).toFixed(0)} MiB`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
} finally {
  session.stop();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
