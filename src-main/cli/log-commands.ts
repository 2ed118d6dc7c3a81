/** `latchkey log …`: what gateways wrote of downloads and refusals. */
import type { Command } from 'commander';
import { LatchkeyError } from '../../shared/errors.ts';
import { defaultMaxGib } from '../../shared/model/log-keeping.ts';
import { texts } from '../../shared/texts/texts.ts';
import { logExport } from './log-export.ts';
import type { FilterOptions } from './log-filter.ts';
import { fileOf, filterOf, periodOf, withFilter } from './log-filter.ts';
import { addLogPrune, addLogVerify, doubtLines } from './log-verify-commands.ts';
import { rowCells } from './log-rows-text.ts';
import { idOf } from './options.ts';
import { formatTable, formatTime, print } from './output.ts';
import type { CliClient } from './session.ts';
import { globalOptionsOf, parseWholeNumber, pick, withUnlocked } from './session.ts';
import { sizeText } from './size-text.ts';

const words = texts.logCommands;

export function addLogCommands(program: Command): void {
  const log = program.command('log').description(words.log);
  withFilter(log.command('query').description(words.query))
    .option('--open', words.open, false)
    .option('--limit <count>', words.limitOfRows, '100')
    .action((own: FilterOptions & { open: boolean; limit: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const filter = await filterOf(client, own);
        const limit = parseWholeNumber(own.limit, '--limit');
        const page = await client.log.rows({ ...filter, limit, open: own.open });
        const head = own.open ? [...words.head.rows, ...words.head.opened] : words.head.rows;
        const rows = page.rows.map((row) => rowCells(row, own.open));
        const notes = [
          ...(page.next === undefined ? [] : [words.moreRows]),
          ...(page.unopened === 0 ? [] : [words.unopened(page.unopened)]),
        ];
        print(options.json, page, `${formatTable(head, rows)}${notes.join('\n')}`);
      }),
    );
  withFilter(log.command('export').description(words.export))
    .option('--open', words.open, false)
    .option('--format <format>', words.format)
    .action((own: FilterOptions & { open: boolean; format?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client }) => {
        await logExport(client, await filterOf(client, own), own);
      }),
    );
  addSums(log);
  addKeeping(log);
  addLogVerify(log);
  addLogPrune(log);
}

type Period = { from?: string; to?: string };

function addSums(log: Command): void {
  log
    .command('who-has <package>')
    .description(words.whoHas)
    .option('--from <time>', words.from)
    .option('--to <time>', words.to)
    .option('--limit <count>', words.limit, '100')
    .action((what: string, own: Period & { limit: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const limit = parseWholeNumber(own.limit, '--limit');
        const page = await client.log.whoHas({ file: fileOf(what), ...periodOf(own), limit });
        const rows = page.holdings.map((one) => [
          one.file.filename,
          one.tokenId === '' ? '-' : `lk-${one.tokenId}`,
          one.holder ?? '-',
          one.team ?? '-',
          one.environment ?? '-',
          String(one.count),
          formatTime(one.firstMs),
          formatTime(one.lastMs),
        ]);
        print(options.json, page, withMore(formatTable(words.head.holdings, rows), page.next));
      }),
    );
  log
    .command('installed')
    .description(words.installed)
    .option('--team <name>', words.team)
    .option('--env <name>', words.environment)
    .option('--token <id>', words.token)
    .option('--from <time>', words.from)
    .option('--to <time>', words.to)
    .option('--limit <count>', words.limit, '100')
    .action((own: Where & Period & { limit: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const limit = parseWholeNumber(own.limit, '--limit');
        const page = await client.log.installed({
          where: await whereOf(client, own),
          ...periodOf(own),
          limit,
        });
        const rows = page.files.map(({ file, count, firstMs, lastMs }) => [
          file.name,
          file.version,
          file.filename,
          String(count),
          formatTime(firstMs),
          formatTime(lastMs),
        ]);
        print(options.json, page, withMore(formatTable(words.head.installed, rows), page.next));
      }),
    );
  log
    .command('clients <token>')
    .description(words.clients)
    .option('--from <time>', words.from)
    .option('--to <time>', words.to)
    .option('--limit <count>', words.limit, '100')
    .action((token: string, own: Period & { limit: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const limit = parseWholeNumber(own.limit, '--limit');
        const page = await client.log.clients({ tokenId: idOf(token), ...periodOf(own), limit });
        const rows = page.clients.map((one) => [
          one.client || '-',
          one.ciProject || '-',
          one.ciJob || '-',
          String(one.requests),
          String(one.refused),
          formatTime(one.firstMs),
          formatTime(one.lastMs),
        ]);
        print(options.json, page, withMore(formatTable(words.head.clients, rows), page.next));
      }),
    );
  log
    .command('refusals')
    .description(words.refusals)
    .option('--policy <name>', words.policy)
    .option('--from <time>', words.from)
    .option('--to <time>', words.to)
    .option('--limit <count>', words.limit, '100')
    .action((own: Period & { policy?: string; limit: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const policy = own.policy === undefined ? {} : { policyName: own.policy };
        const limit = parseWholeNumber(own.limit, '--limit');
        const page = await client.log.refusals({ ...policy, ...periodOf(own), limit });
        const rows = page.refusals.map((one) => [
          new Date(one.dayMs).toISOString().slice(0, 10),
          one.policyName === '' ? '-' : one.policyName,
          texts.causes.of(one.cause),
          one.environment ?? '-',
          String(one.count),
        ]);
        print(options.json, page, withMore(formatTable(words.head.refusals, rows), page.next));
      }),
    );
}

type Days = {
  rows?: string;
  addresses?: string;
  ciUsers?: string;
  sums?: string;
  maxGib?: string;
  yes: boolean;
};

function addKeeping(log: Command): void {
  log
    .command('status')
    .description(words.status)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const found = await client.log.status();
        const {
          retention,
          rows,
          rowsBytes,
          rollupBytes,
          dropped,
          maxBytes,
          anchoredAtMs,
          roomToMs,
          doubtedClock,
          aside,
          asideCount,
        } = found;
        const lines = [
          words.sizes(rows, sizeText(rowsBytes), sizeText(rollupBytes), dropped),
          words.kept(retention),
          words.anchored(anchoredAtMs === undefined ? undefined : formatTime(anchoredAtMs)),
          words.atMost(sizeText(maxBytes)),
          ...(roomToMs === undefined ? [] : [texts.requestLog.goneForRoom(roomToMs)]),
          ...doubtLines(doubtedClock),
          ...(asideCount === 0 ? [] : [texts.requestLog.areAside(asideCount, aside)]),
        ];
        print(options.json, found, lines.join('\n'));
      }),
    );
  log
    .command('retention')
    .description(words.retention)
    .option('--rows <days>', words.rowsDays)
    .option('--addresses <days>', words.addressDays)
    .option('--ci-users <days>', words.ciUserDays)
    .option('--sums <days>', words.rollupDays)
    .option('--max-gib <number>', words.maxGib)
    .option('--yes', words.yes, false)
    .action((own: Days, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const { retention } = await client.log.status();
        const days = (text: string | undefined, name: string, before: number) =>
          text === undefined ? before : parseWholeNumber(text, name);
        const wanted = {
          rowsDays: days(own.rows, '--rows', retention.rowsDays),
          addressDays: days(own.addresses, '--addresses', retention.addressDays),
          ciUserDays: days(own.ciUsers, '--ci-users', retention.ciUserDays),
          rollupDays: days(own.sums, '--sums', retention.rollupDays),
          maxGib: days(own.maxGib, '--max-gib', retention.maxGib ?? defaultMaxGib),
        };
        const preview = await client.log.previewRetention(wanted);
        if (own.yes) await client.log.setRetention(wanted);
        const before = { ...retention, maxGib: retention.maxGib ?? defaultMaxGib };
        const isChange = JSON.stringify(wanted) !== JSON.stringify(before);
        const lines = [
          words.kept(wanted),
          takesText(preview),
          ...(preview.goneBytes === 0 ? [] : [words.frees(sizeText(preview.goneBytes))]),
          words.atMost(sizeText(preview.maxBytes)),
          ...(preview.fullAfterDays === undefined ? [] : [words.fullAfter(preview.fullAfterDays)]),
          ...(isChange && !own.yes ? [words.notDone] : []),
        ];
        print(options.json, { ...wanted, ...preview, isSaved: own.yes }, lines.join('\n'));
      }),
    );
  log
    .command('look-ups')
    .description(words.lookUps)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const found = await client.log.lookUps();
        const rows = found.map(({ atMs, by, subject, fromMs, toMs, opened }) => [
          formatTime(atMs),
          by,
          subject,
          fromMs === 0 ? '-' : formatTime(fromMs),
          formatTime(toMs),
          opened ? words.withAddresses : words.rowsOnly,
        ]);
        print(options.json, found, formatTable(words.head.lookUps, rows));
      }),
    );
}

function takesText({
  rowsBytes,
  personalBytes,
  rollupBytes,
  measuredDays,
}: Awaited<ReturnType<CliClient['log']['previewRetention']>>): string {
  return words.takes(sizeText(rowsBytes), sizeText(personalBytes), sizeText(rollupBytes), measuredDays);
}

type Where = { team?: string; env?: string; token?: string };

async function whereOf(client: CliClient, { team, env, token }: Where) {
  const given = [team, env, token].filter((one) => one !== undefined);
  if (given.length !== 1) throw new LatchkeyError('INVALID_INPUT', words.oneOfThree);
  if (team !== undefined) return { teamId: pick(await client.teams.list(), team, 'team').id };
  if (env !== undefined)
    return { environmentId: pick(await client.environments.list(), env, 'environment').id };
  return { tokenId: idOf(token ?? '') };
}

const withMore = (table: string, next: string | undefined): string =>
  next === undefined ? table : `${table}${words.more}`;
