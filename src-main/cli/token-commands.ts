import type { Command } from 'commander';
import { LatchkeyError } from '../../shared/errors.ts';
import { usual } from '../../shared/model/domain.ts';
import { withExportOptions } from './export-command.ts';
import type { IssueOptions } from './issue-options.ts';
import { holderKindOf, idOf, parseEnd, parseOverlap, requireSomeOption } from './options.ts';
import { print } from './output.ts';
import { globalOptionsOf, collectList, pick, withUnlocked } from './session.ts';
import { columnNames, usualColumns } from './token-columns.ts';
import type { RotateOptions } from './token-issue.ts';
import { issueToken, requireAnswers, rotateToken } from './token-issue.ts';
import type { ListOptions } from './token-list.ts';
import { tokenSortKeys, tokenStates } from '../../shared/model/token-list.ts';
import { listTokens, parseList } from './token-list.ts';
import { describeToken } from './token-text.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.tokens;

const words = texts.commands.tokenCommands;

/** `token …`. */
export function addTokenCommands(program: Command): void {
  const token = program.command('token').description(words.tokensIssueListShow);
  withExportOptions(token.command('issue').description(words.issueATokenThe))
    .option('--holder <name>', words.whoOrWhatUses)
    .option('--service', words.theHolderIsA, false)
    .option('--agent', words.theHolderIsAn, false)
    .option('--team <name>', words.team)
    .option('--env <name>', words.environment)
    .option('--channels <names>', words.channelsCommaSeparatedOr, collectList)
    .option('--days <n>', words.lifetimeInDaysDefault)
    .option('--network <cidr>', words.onlyFromThisNetwork, collectList)
    .option('--note <text>', words.aNote)
    .action((own: IssueOptions, command: Command) => {
      const options = globalOptionsOf(command);
      requireAnswers(own, options.json);
      return withUnlocked(options, (session) => issueToken(session, own));
    });
  token
    .command('list')
    .description(words.listAndSearchTokens)
    .option('--search <text>', words.holderIdTeamChannel, '')
    .option('--state <states>', tokenStates.join(', '), collectList)
    .option('--team <names>', words.teams, collectList)
    .option('--env <names>', words.environments, collectList)
    .option('--channel <names>', words.channels, collectList)
    .option('--sort <key>', tokenSortKeys.join(', '))
    .option('--reverse', words.theOtherWayRound, false)
    .option(
      '--columns <names>',
      words.whichColumnsInThis(usualColumns.join(','), columnNames.join(', ')),
      collectList,
    )
    .option('--csv', words.asCsvWithTimes, false)
    .option('--limit <n>', words.atMostThisMany)
    .action((own: ListOptions, command: Command) => {
      const options = globalOptionsOf(command);
      const wanted = parseList(own, options.json);
      return withUnlocked(options, (session) => listTokens(session, own, wanted));
    });
  token
    .command('show <id>')
    .description(words.allFactsAboutOne)
    .action((id: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const found = await client.tokens.get({ id: idOf(id) });
        print(options.json, found, describeToken(found));
      }),
    );
  token
    .command('change <id>')
    .description(words.changeATokenGiving)
    .option('--holder <name>', words.whoOrWhatUses)
    .option('--service', words.theHolderIsA, false)
    .option('--agent', words.theHolderIsAn, false)
    .option('--note <text>', words.aNote)
    .option('--channels <names>', words.itsChannelsAllOf, collectList)
    .option('--network <cidr>', words.onlyFromThisNetwork, collectList)
    .option('--anywhere', words.fromEveryNetwork, false)
    .option('--days <n>', words.endsSoManyDays)
    .option('--expires <when>', words.endsOnThisDay)
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
  withExportOptions(token.command('rotate <id>').description(words.issueASuccessorBoth))
    .option('--overlap <time>', words.howLongTheOld, `${usual.overlapDays}d`)
    .option('--days <n>', words.lifetimeOfTheNew)
    .action((id: string, own: RotateOptions, command: Command) => {
      // Judged before anybody types a passphrase.
      parseOverlap(own.overlap);
      return withUnlocked(globalOptionsOf(command), (session) => rotateToken(session, id, own));
    });
  token
    .command('revoke <ids...>')
    .description(words.revokeTokensAtOnce)
    .requiredOption('--reason <text>', words.whyClientsAreShown)
    .action((ids: string[], own: { reason: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const result = await client.tokens.revoke({ ids: ids.map(idOf), reason: own.reason });
        const already = result.alreadyRevoked.length;
        print(
          options.json,
          result,
          says.revoked(result.revoked.length, already > 0 ? says.alreadyRevoked(already) : ''),
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
    throw new LatchkeyError('INVALID_INPUT', says.eitherNetworks);
  }
  return own.anywhere ? 'anywhere' : own.network === undefined ? undefined : [...own.network];
}
