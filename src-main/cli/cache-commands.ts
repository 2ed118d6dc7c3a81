/** `latchkey cache list|status|verify|purge`. */
import type { Command } from 'commander';
import type { PurgeRuleInput } from '../../shared/contract/cache-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { formatTable, formatTime, print } from './output.ts';
import { runCheck } from './run-check.ts';
import type { CliClient } from './session.ts';
import { globalOptionsOf, parseWholeNumber, pick, withUnlocked } from './session.ts';
import { sizeText } from './size-text.ts';

const words = texts.cacheCommands;

type PurgeOptions = {
  all?: boolean;
  channel?: string;
  unused?: string;
  denied?: boolean;
  package?: string;
  sha256?: string;
  yes: boolean;
};

export function addCacheCommands(program: Command): void {
  const cache = program.command('cache').description(words.cache);
  cache
    .command('status')
    .description(words.status)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const found = await client.cache.status();
        const { files, bytes, documents, documentBytes, maxBytes, hits, misses, days, damaged } = found;
        const lines = [
          words.summary(files, sizeText(bytes), sizeText(maxBytes)),
          ...(documents === 0 ? [] : [words.documents(documents, sizeText(documentBytes))]),
          words.ratio(hits, hits + misses, days),
          ...(damaged === 0 ? [] : [words.aside(damaged)]),
        ];
        print(options.json, found, lines.join('\n'));
      }),
    );
  cache
    .command('list')
    .description(words.list)
    .option('--channel <name>', words.channel)
    .option('--denied', words.held, false)
    .option('--used', words.unusedFirst, false)
    .option('--limit <count>', words.limit, '100')
    .action((own: { channel?: string; denied: boolean; used: boolean; limit: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const found = await client.cache.list({
          sort: own.used ? 'used' : 'size',
          denied: own.denied,
          limit: parseWholeNumber(own.limit, '--limit'),
          ...(own.channel === undefined ? {} : { channelId: await channelOf(client, own.channel) }),
        });
        const rows = found.files.map((file) => [
          file.filename ?? '-',
          sizeText(file.sizeBytes),
          formatTime(file.usedAtMs),
          file.channels.join(', '),
          file.sha256,
        ]);
        const text = `${formatTable(words.head, rows)}${words.total(found.total, sizeText(found.bytes))}`;
        print(options.json, found, text);
      }),
    );
  cache
    .command('verify')
    .description(words.verify)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const view = await runCheck({
          start: client.cache.verify,
          status: client.cache.verifyStatus,
          cancel: client.cache.cancelVerify,
        });
        const said = words.verified(view.files, sizeText(view.bytes), view.damagedCount);
        print(options.json, view, view.problem ?? [said, ...view.damaged].join('\n'));
        if (view.state !== 'done' || view.damagedCount > 0) process.exitCode = 1;
      }),
    );
  cache
    .command('purge')
    .description(words.purge)
    .option('--all', words.all)
    .option('--channel <name>', words.ofChannel)
    .option('--unused <days>', words.unused)
    .option('--denied', words.denied)
    .option('--package <package>', words.package)
    .option('--sha256 <hash>', words.sha256)
    .option('--yes', words.yes, false)
    .action((own: PurgeOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const rule = await ruleOf(client, own);
        const done = own.yes ? await client.cache.purge(rule) : await client.cache.planPurge(rule);
        const count = done.files + done.documents;
        const planned = count === 0 ? words.nothing : words.wouldGo(whatOf(done), count);
        print(options.json, { ...done, isDone: own.yes }, own.yes ? words.gone(whatOf(done)) : planned);
      }),
    );
}

type Done = Awaited<ReturnType<CliClient['cache']['purge']>>;

function whatOf({ files, bytes, documents, documentBytes }: Done): string {
  const text = words.files(files, sizeText(bytes));
  return documents === 0 ? text : words.also(text, documents, sizeText(documentBytes));
}

async function ruleOf(client: CliClient, own: PurgeOptions): Promise<PurgeRuleInput> {
  const rules: PurgeRuleInput[] = [];
  if (own.all === true) rules.push({ type: 'all' });
  if (own.channel !== undefined)
    rules.push({ type: 'channel', channelId: await channelOf(client, own.channel) });
  if (own.unused !== undefined)
    rules.push({ type: 'unused', days: parseWholeNumber(own.unused, '--unused') });
  if (own.denied === true) rules.push({ type: 'denied' });
  if (own.package !== undefined) {
    const [name = '', version] = own.package.split('==');
    rules.push({ type: 'package', name, ...(version === undefined ? {} : { version }) });
  }
  if (own.sha256 !== undefined) {
    const sha256 = own.sha256.toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new LatchkeyError('INVALID_INPUT', words.badHash);
    rules.push({ type: 'files', sha256s: [sha256] });
  }
  const [rule] = rules;
  if (rule === undefined || rules.length > 1) throw new LatchkeyError('INVALID_INPUT', words.oneRule);
  return rule;
}

const channelOf = async (client: CliClient, name: string) =>
  pick(await client.channels.list(), name, 'channel').id;
