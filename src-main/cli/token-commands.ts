import type { Command } from 'commander';
import { LatchkeyError } from '../../shared/errors.ts';
import { withExportOptions } from './export-command.ts';
import type { IssueOptions } from './issue-options.ts';
import { holderKindOf, idOf, parseEnd, requireSomeOption } from './options.ts';
import { print } from './output.ts';
import { globalOptionsOf, collectList, pick, withUnlocked } from './session.ts';
import { columnNames, usualColumns } from './token-columns.ts';
import type { RotateOptions } from './token-issue.ts';
import { issueToken, requireAnswers, rotateToken } from './token-issue.ts';
import type { ListOptions } from './token-list.ts';
import { listTokens, parseList, sortKeys, tokenStates } from './token-list.ts';
import { describeToken } from './token-text.ts';

/** `token …`. */
export function addTokenCommands(program: Command): void {
  const token = program.command('token').description('tokens: issue, list, show, change, rotate, revoke');
  withExportOptions(
    token
      .command('issue')
      .description(
        'issue a token; the secret is printed once, and only here. On a terminal, what is not given is asked for',
      ),
  )
    .option('--holder <name>', 'who or what uses it; a name that is not known yet is added')
    .option('--service', 'the holder is a service, not a person', false)
    .option('--agent', 'the holder is an agent, not a person', false)
    .option('--team <name>', 'team')
    .option('--env <name>', 'environment')
    .option('--channels <names>', 'channels (comma-separated or repeated)', collectList)
    .option('--days <n>', 'lifetime in days (default: 90, or what the policies allow if that is less)')
    .option('--network <cidr>', 'only from this network (repeat for more)', collectList)
    .option('--note <text>', 'a note')
    .action((own: IssueOptions, command: Command) => {
      const options = globalOptionsOf(command);
      requireAnswers(own, options.json);
      return withUnlocked(options, (session) => issueToken(session, own));
    });
  token
    .command('list')
    .description('list and search tokens: all that fit, newest first; with --json a line of JSON each')
    .option('--search <text>', 'holder, id, team, channel, note', '')
    .option('--state <states>', tokenStates.join(', '), collectList)
    .option('--team <names>', 'teams', collectList)
    .option('--env <names>', 'environments', collectList)
    .option('--channel <names>', 'channels', collectList)
    .option('--sort <key>', sortKeys.join(', '))
    .option('--reverse', 'the other way round', false)
    .option(
      '--columns <names>',
      `which columns, in this order (default: ${usualColumns.join(',')}); there are ${columnNames.join(', ')}`,
      collectList,
    )
    .option('--csv', 'as CSV, with times in ISO 8601', false)
    .option('--limit <n>', 'at most this many')
    .action((own: ListOptions, command: Command) => {
      const options = globalOptionsOf(command);
      const wanted = parseList(own, options.json);
      return withUnlocked(options, (session) => listTokens(session, own, wanted));
    });
  token
    .command('show <id>')
    .description('all facts about one token')
    .action((id: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const found = await client.tokens.get({ id: idOf(id) });
        print(options.json, found, describeToken(found));
      }),
    );
  token
    .command('change <id>')
    .description('change a token; giving less always works, giving more is judged like a new one')
    .option('--holder <name>', 'who or what uses it; a name that is not known yet is added')
    .option('--service', 'the holder is a service, not a person', false)
    .option('--agent', 'the holder is an agent, not a person', false)
    .option('--note <text>', 'a note')
    .option('--channels <names>', 'its channels, all of them (comma-separated or repeated)', collectList)
    .option('--network <cidr>', 'only from this network (repeat for more)', collectList)
    .option('--anywhere', 'from every network', false)
    .option('--days <n>', 'ends so many days from now; a later end is judged from the day of issue')
    .option('--expires <when>', 'ends on this day (2026-12-31, its end in UTC) or at this time (ISO 8601)')
    .action((id: string, own: ChangeOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        requireSomeOption(own, ['service', 'agent']);
        const channels = own.channels === undefined ? [] : await client.channels.list();
        const expiresAtMs = parseEnd(own, Date.now());
        const networks = networksOf(own);
        const changed = await client.tokens.change({
          id: idOf(id),
          ...(own.holder === undefined ? {} : { holder: { kind: holderKindOf(own), name: own.holder } }),
          ...(own.note === undefined ? {} : { note: own.note }),
          ...(own.channels === undefined
            ? {}
            : { channelIds: own.channels.map((name) => pick(channels, name, 'channel').id) }),
          ...(networks === undefined ? {} : { networks }),
          ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
        });
        print(options.json, changed, describeToken(changed));
      }),
    );
  withExportOptions(
    token.command('rotate <id>').description('issue a successor; both work during the overlap'),
  )
    .option('--overlap-hours <n>', 'how long the old one still works', '168')
    .option('--days <n>', 'lifetime of the new one (default: 90, or what the policies allow if that is less)')
    .action((id: string, own: RotateOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), (session) => rotateToken(session, id, own)),
    );
  token
    .command('revoke <ids...>')
    .description('revoke tokens, at once and for good')
    .requiredOption('--reason <text>', 'why; clients are shown it')
    .action((ids: string[], own: { reason: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const result = await client.tokens.revoke({ ids: ids.map(idOf), reason: own.reason });
        const already = result.alreadyRevoked.length;
        print(
          options.json,
          result,
          `${result.revoked.length} revoked${already > 0 ? `, ${already} already revoked` : ''}.`,
        );
      }),
    );
}

type ChangeOptions = {
  holder?: string;
  service: boolean;
  agent: boolean;
  note?: string;
  channels?: readonly string[];
  network?: readonly string[];
  anywhere: boolean;
  days?: string;
  expires?: string;
};
/** @throws LatchkeyError INVALID_INPUT when both are given */
function networksOf(own: Pick<ChangeOptions, 'network' | 'anywhere'>): 'anywhere' | string[] | undefined {
  if (own.anywhere && own.network !== undefined) {
    throw new LatchkeyError('INVALID_INPUT', 'Give --network or --anywhere, not both.');
  }
  return own.anywhere ? 'anywhere' : own.network === undefined ? undefined : [...own.network];
}
