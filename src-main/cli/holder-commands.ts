import type { Command } from 'commander';
import type { HolderView } from '../../shared/contract/directory-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { holderKindOf } from './options.ts';
import { formatTable, print } from './output.ts';
import type { CliClient } from './session.ts';
import { globalOptionsOf, parseWholeNumber, withUnlocked } from './session.ts';

type KindOptions = { service: boolean; agent: boolean };

/** `holder …`. */
export function addHolderCommands(program: Command): void {
  const holder = program.command('holder').description('holders: who or what uses tokens');
  holder
    .command('list')
    .description('list the holders by name')
    .option('--search <text>', 'name, kind, note', '')
    .option('--limit <n>', 'at most this many', '1000')
    .action((own: { search: string; limit: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const limit = parseWholeNumber(own.limit, '--limit');
        const page = await client.holders.list({ search: own.search, limit });
        const rows = page.rows.map((row) => [row.name, row.kind, String(row.activeTokens), row.note]);
        print(options.json, page, formatTable(['NAME', 'KIND', 'TOKENS', 'NOTE'], rows));
      }),
    );
  holder
    .command('rename <name> <new>')
    .description('give a holder another name; its tokens stay as they are')
    .option('--service', 'the service of this name', false)
    .option('--agent', 'the agent of this name', false)
    .option('--note <text>', 'a note')
    .action((name: string, next: string, own: KindOptions & { note?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const before = await findHolder(client, name, own);
        const after = await client.holders.update({
          id: before.id,
          name: next,
          note: own.note ?? before.note,
        });
        print(
          options.json,
          after,
          name === after.name ? `${name} changed.` : `${name} is now ${after.name}.`,
        );
      }),
    );
}

/** @throws LatchkeyError NOT_FOUND; INVALID_INPUT when several kinds have the name and none is given */
async function findHolder(client: CliClient, name: string, own: KindOptions): Promise<HolderView> {
  const { rows } = await client.holders.list({ search: name, limit: 1000 });
  const kind = own.service || own.agent ? holderKindOf(own) : undefined;
  const found = rows.filter((row) => row.name === name && (kind === undefined || row.kind === kind));
  const [first, ...others] = found;
  if (first === undefined) {
    throw new LatchkeyError('NOT_FOUND', `There is no holder "${name}". See latchkey holder list.`);
  }
  if (others.length > 0) {
    const kinds = found.map((row) => row.kind).join(', ');
    throw new LatchkeyError(
      'INVALID_INPUT',
      `Several holders have this name (${kinds}). Add --service or --agent, or rename those first.`,
    );
  }
  return first;
}
