import type { Command } from 'commander';
import type { HolderView } from '../../shared/contract/directory-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { holderKindOf } from './options.ts';
import { formatTable, print, printJsonLine, printNotice } from './output.ts';
import type { CliClient } from './session.ts';
import { globalOptionsOf, parseWholeNumber, withUnlocked } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.holders;

const words = texts.commands.holderCommands;

type KindOptions = { service: boolean; agent: boolean };

/** `holder …`. */
export function addHolderCommands(program: Command): void {
  const holder = program.command('holder').description(words.holdersWhoOrWhat);
  holder
    .command('list')
    .description(words.listTheHoldersBy)
    .option('--search <text>', words.nameKindNote, '')
    .option('--limit <n>', words.atMostThisMany)
    .action((own: { search: string; limit?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const limit = own.limit === undefined ? undefined : parseWholeNumber(own.limit, '--limit');
        if (limit === 0) throw new LatchkeyError('INVALID_INPUT', says.limit);
        const { rows, total } = await holdersOf(client, own.search, limit);
        if (options.json) for (const row of rows) printJsonLine(row);
        else {
          const cells = rows.map((row) => [row.name, row.kind, String(row.activeTokens), row.note]);
          print(false, undefined, formatTable(['NAME', 'KIND', 'TOKENS', 'NOTE'], cells));
        }
        if (rows.length < total) {
          printNotice(says.cut(rows.length, total));
        }
      }),
    );
  holder
    .command('rename <name> <new>')
    .description(words.giveAHolderAnother)
    .option('--service', words.theServiceOfThis, false)
    .option('--agent', words.theAgentOfThis, false)
    .option('--note <text>', words.aNote)
    .action((name: string, next: string, own: KindOptions & { note?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const before = await findHolder(client, name, own);
        const after = await client.holders.update({
          id: before.id,
          name: next,
          note: own.note ?? before.note,
        });
        print(options.json, after, name === after.name ? says.changed(name) : says.renamed(name, after.name));
      }),
    );
}

/** What the contract gives at once. */
const pageRows = 1000;

/** All holders that fit, or the first `limit` of them. */
async function holdersOf(
  client: CliClient,
  search: string,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<{ readonly rows: readonly HolderView[]; readonly total: number }> {
  const rows: HolderView[] = [];
  for (;;) {
    // One page after the other.
    // oxlint-disable-next-line no-await-in-loop
    const page = await client.holders.list({ search, offset: rows.length, limit: pageRows });
    rows.push(...page.rows.slice(0, limit - rows.length));
    if (page.rows.length < pageRows || rows.length >= limit) return { rows, total: page.total };
  }
}

/** @throws LatchkeyError NOT_FOUND; INVALID_INPUT when several kinds have the name and none is given */
async function findHolder(client: CliClient, name: string, own: KindOptions): Promise<HolderView> {
  const { rows } = await holdersOf(client, name);
  const kind = own.service || own.agent ? holderKindOf(own) : undefined;
  const found = rows.filter((row) => row.name === name && (kind === undefined || row.kind === kind));
  const [first, ...others] = found;
  if (first === undefined) {
    throw new LatchkeyError('NOT_FOUND', says.unknown(name));
  }
  if (others.length > 0) {
    const kinds = found.map((row) => row.kind).join(', ');
    throw new LatchkeyError('INVALID_INPUT', says.ambiguous(kinds));
  }
  return first;
}
