/**
 * npm run bench -- --only log: the questions to the request log at 5 million rows (BENCH_LOG_ROWS), beside their goal, and
 * what a row costs on its way into the databases.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRowStore } from '../../../src-main/request-log/store/log-store.ts';
import { print } from '../print.ts';
import {
  environmentName,
  fileNo,
  firstMs,
  generated,
  GeneratedSegments,
  rareChannel,
  tokenName,
} from './generated-segments.ts';

const rows = Number(process.env['BENCH_LOG_ROWS'] ?? 5_000_000);
const goalMs = 200;
const dayMs = 86_400_000;
const turns = 5;
const mib = (bytes: number) => (bytes / 1024 / 1024).toFixed(0);

const dir = process.env['BENCH_LOG_DIR'] ?? mkdtempSync(join(tmpdir(), 'latchkey-bench-log-'));
const source = new GeneratedSegments(rows);
const store = openRowStore({ dir, source });
try {
  await insert();
  await questions();
} finally {
  store.close();
  if (process.env['BENCH_LOG_DIR'] === undefined) rmSync(dir, { recursive: true, force: true });
}

async function insert(): Promise<void> {
  let made = 0;
  for (const info of await source.segments())
    // oxlint-disable-next-line no-await-in-loop
    if (made < 300_000) for await (const batch of source.read(info)) made += batch.rows.length;
  const beforeMaking = process.cpuUsage();
  let again = 0;
  for (const info of await source.segments())
    // oxlint-disable-next-line no-await-in-loop
    if (again < 300_000) for await (const batch of source.read(info)) again += batch.rows.length;
  const makingMicros = cpuMicros(beforeMaking) / again;
  const before = process.cpuUsage();
  const started = performance.now();
  const report = await store.index();
  if (report.rows === 0) return;
  const micros = cpuMicros(before) / report.rows - makingMicros;
  const wallMicros = ((performance.now() - started) * 1000) / report.rows;
  const { rowsBytes, rowsDays, rollupBytes, rollupDays } = await store.sizes();
  print(
    `${report.rows} rows in ${report.segments} segments`,
    `${micros.toFixed(1)} us`,
    `CPU a row; ${wallMicros.toFixed(1)} us with making them`,
  );
  print(
    'rows by month',
    `${mib(rowsBytes)} MiB`,
    `${(rowsBytes / report.rows).toFixed(0)} B a row, ${mib(rowsBytes / rowsDays)} MiB a day`,
  );
  print(
    'rollup',
    `${mib(rollupBytes)} MiB`,
    `${(rollupBytes / report.rows).toFixed(0)} B a row, ${mib(rollupBytes / rollupDays)} MiB a day`,
  );
}

function cpuMicros(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function questions(): Promise<void> {
  const month = { fromMs: firstMs + 30 * dayMs, toMs: firstMs + 60 * dayMs };
  const { sha256, ecosystem, name } = fileNo(0, 0);
  const asked: Record<string, () => Promise<{ readonly items: readonly unknown[] }>> = {
    'activity of the busiest token': () => store.rows({ tokenId: tokenName(0) }),
    'activity of a quiet token': () => store.rows({ tokenId: tokenName(generated.tokens - 7) }),
    'activity of a token, its refusals': () => store.rows({ tokenId: tokenName(5), kind: 'refusal' }),
    'who has the most fetched file': () => store.whoHas({ sha256 }),
    'who has any version of its package': () => store.whoHas({ ecosystem, name }),
    'requests for any version of it': () => store.rows({ file: { ecosystem, name } }),
    'refusals by policy and day': () => store.refusals(),
    'requests that a policy refused': () => store.rows({ policyName: 'policy-1' }),
    'installed in an environment, 30 days': () =>
      store.installed({ environmentId: environmentName(0) }, month),
    'installed in an environment, all': () => store.installed({ environmentId: environmentName(0) }),
    'installed by a team, 30 days': () => store.installed({ teamId: 'team0000' }, month),
    'installed with a token': () => store.installed({ tokenId: tokenName(0) }),
    'use of the index by day': () => store.indexUse({ per: 'day' }),
    'use of the index by hour': () => store.indexUse({ per: 'hour', ...month }),
    'last use of each token': () => store.tokenUses(),
    'requests of a team': () => store.rows({ teamId: 'team0007' }),
    'requests of a team and a channel that is never its': () =>
      store.rows({ teamId: 'team0007', channelId: 'channel-1' }),
    'requests of a channel that is rare': () => store.rows({ channelId: rareChannel }),
    'rows of a channel and a kind that is rare there': () =>
      store.rows({ channelId: 'channel-1', kind: 'cut' }),
    'all rows, the last': () => store.rows({}),
    'how much there is': async () => ({ items: [await store.sizes()] }),
  };
  print('', 'CPU', 'first time', 'rows');
  for (const [what, ask] of Object.entries(asked)) {
    const times: number[] = [];
    const started = performance.now();
    // oxlint-disable-next-line no-await-in-loop
    const first = await ask();
    const firstTime = performance.now() - started;
    for (let turn = 0; turn < turns; turn += 1) {
      const before = process.cpuUsage();
      // oxlint-disable-next-line no-await-in-loop
      await ask();
      times.push(cpuMicros(before) / 1000);
    }
    const middle = times.toSorted((a, b) => a - b)[Math.floor(turns / 2)] ?? Number.NaN;
    const verdict = middle <= goalMs ? 'ok' : `MISSED, goal ${goalMs} ms`;
    print(what, `${middle.toFixed(0)} ms`, `${firstTime.toFixed(0)} ms`, String(first.items.length), verdict);
  }
}
