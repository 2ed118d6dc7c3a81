import type { Command } from 'commander';
import type { TokenView } from '../../shared/contract/token-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { tokenState } from '../../shared/model/domain.ts';
import type { ExportOptions } from './export-command.ts';
import { handOver, planExports, withExportOptions } from './export-command.ts';
import { holderKindOf, idOf, parseEnd, parseOption, requireSomeOption } from './options.ts';
import { print, formatTable, formatTime } from './output.ts';
import { globalOptionsOf, collectList, pick, parseWholeNumber, withUnlocked } from './session.ts';

/** `token …`. */
export function addTokenCommands(program: Command): void {
  const token = program.command('token').description('tokens: issue, list, show, change, rotate, revoke');
  withExportOptions(
    token.command('issue').description('issue a token; the secret is printed once, and only here'),
  )
    .requiredOption('--holder <name>', 'who or what uses it; a name that is not known yet is added')
    .option('--service', 'the holder is a service, not a person', false)
    .option('--agent', 'the holder is an agent, not a person', false)
    .requiredOption('--team <name>', 'team')
    .requiredOption('--env <name>', 'environment')
    .requiredOption('--channels <names>', 'channels (comma-separated or repeated)', collectList)
    .option('--days <n>', 'lifetime in days', '90')
    .option('--network <cidr>', 'only from this network (repeat for more)', collectList)
    .option('--note <text>', 'a note', '')
    .action((own: IssueOptions & ExportOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async (session) => {
        const { client } = session;
        const channels = await client.channels.list();
        const chosen = own.channels.map((name) => pick(channels, name, 'channel'));
        const plan = planExports(
          own,
          chosen.map((channel) => channel.kind),
        );
        const issued = await client.tokens.issue({
          holder: { kind: holderKindOf(own), name: own.holder },
          teamId: pick(await client.teams.list(), own.team, 'team').id,
          environmentId: pick(await client.environments.list(), own.env, 'environment').id,
          channelIds: chosen.map((channel) => channel.id),
          ttlDays: parseWholeNumber(own.days, '--days'),
          networks: own.network === undefined ? 'anywhere' : [...own.network],
          note: own.note,
        });
        await handOver(session, issued, own, plan);
      }),
    );
  token
    .command('list')
    .description('list and search tokens')
    .option('--search <text>', 'holder, id, team, channel, note', '')
    .option('--state <states>', tokenState.options.join(', '), collectList)
    .option('--team <names>', 'teams', collectList)
    .option('--env <names>', 'environments', collectList)
    .option('--limit <n>', 'at most this many', '1000')
    .action((own: ListOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const [teams, environments] = await Promise.all([client.teams.list(), client.environments.list()]);
        const page = await client.tokens.list({
          search: own.search,
          states: (own.state ?? []).map((state) => parseOption(tokenState, state, '--state')),
          teamIds: (own.team ?? []).map((name) => pick(teams, name, 'team').id),
          environmentIds: (own.env ?? []).map((name) => pick(environments, name, 'environment').id),
          limit: parseWholeNumber(own.limit, '--limit'),
        });
        const rows = page.rows.map((row) => [
          `lk-${row.id}`,
          row.state,
          row.holder.name,
          row.teamName,
          row.environmentName,
          row.channelNames.join(','),
          formatTime(row.expiresAtMs),
          formatTime(row.usage?.lastUsedAtMs),
        ]);
        const head = ['ID', 'STATE', 'HOLDER', 'TEAM', 'ENV', 'CHANNELS', 'EXPIRES', 'LAST USED'];
        print(options.json, page, formatTable(head, rows));
      }),
    );
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
    .option('--days <n>', 'lifetime of the new one', '90')
    .action((id: string, own: { overlapHours: string; days: string } & ExportOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async (session) => {
        const { channelIds } = await session.client.tokens.get({ id: idOf(id) });
        const channels = await session.client.channels.list();
        const plan = planExports(
          own,
          channels.filter((channel) => channelIds.includes(channel.id)).map((channel) => channel.kind),
        );
        const issued = await session.client.tokens.rotate({
          id: idOf(id),
          overlapHours: parseWholeNumber(own.overlapHours, '--overlap-hours'),
          ttlDays: parseWholeNumber(own.days, '--days'),
        });
        await handOver(session, issued, own, plan);
      }),
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

type IssueOptions = {
  holder: string;
  service: boolean;
  agent: boolean;
  team: string;
  env: string;
  channels: readonly string[];
  days: string;
  network?: readonly string[];
  note: string;
};
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
type ListOptions = {
  search: string;
  state?: readonly string[];
  team?: readonly string[];
  env?: readonly string[];
  limit: string;
};

/** @throws LatchkeyError INVALID_INPUT when both are given */
function networksOf(own: Pick<ChangeOptions, 'network' | 'anywhere'>): 'anywhere' | string[] | undefined {
  if (own.anywhere && own.network !== undefined) {
    throw new LatchkeyError('INVALID_INPUT', 'Give --network or --anywhere, not both.');
  }
  return own.anywhere ? 'anywhere' : own.network === undefined ? undefined : [...own.network];
}

function describeToken(token: TokenView): string {
  const facts: [string, string][] = [
    ['Id', `lk-${token.id}`],
    ['State', token.state + (token.revoked === undefined ? '' : ` (${token.revoked.reason})`)],
    ['Holder', `${token.holder.name} (${token.holder.kind})`],
    ['Team', token.teamName],
    ['Environment', token.environmentName],
    ['Channels', token.channelNames.join(', ')],
    ['Networks', token.networks === 'anywhere' ? 'anywhere' : token.networks.join(', ')],
    ['Issued', `${formatTime(token.issuedAtMs)} by ${token.issuedByName}`],
    ['Expires', formatTime(token.expiresAtMs)],
    [
      'Last used',
      token.usage === undefined
        ? 'never'
        : `${formatTime(token.usage.lastUsedAtMs)} by ${token.usage.lastClient}`,
    ],
    ...(token.rotatedFrom === undefined ? [] : [['Replaces', `lk-${token.rotatedFrom}`] as [string, string]]),
    ...(token.rotatedTo === undefined ? [] : [['Replaced by', `lk-${token.rotatedTo}`] as [string, string]]),
    ['Note', token.note],
  ];
  return facts.map(([name, value]) => `${name.padEnd(12)} ${value}`.trimEnd()).join('\n');
}
