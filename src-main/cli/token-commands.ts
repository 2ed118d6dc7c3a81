import { join } from 'node:path';
import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import type { Command } from 'commander';
import type { IssuedToken, TokenView } from '../../shared/contract/views.ts';
import { exportFormatId } from '../../shared/contract/views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { ChannelKind } from '../../shared/model/domain.ts';
import { tokenState } from '../../shared/model/domain.ts';
import type { ExportFormatId } from '../../shared/model/export-formats.ts';
import { exportFormatIds, exportFormats } from '../../shared/model/export-formats.ts';
import { tokenId } from '../../shared/model/ids.ts';
import { writeExport } from '../services/exports.ts';
import { readSecret } from './passphrase.ts';
import { print, formatTable, formatTime } from './output.ts';
import type { CliClient, CliSession } from './session.ts';
import { globalOptionsOf, collectList, pick, parseWholeNumber, withUnlocked } from './session.ts';

type ExportOptions = { export?: readonly string[]; out?: string; secretOnly: boolean };

const withExportOptions = (command: Command): Command =>
  command
    .option('--secret-only', 'print nothing but the secret', false)
    .option('--export <formats>', `also write configurations: ${exportFormatIds.join(', ')}`, collectList)
    .option('--out <dir>', 'folder for them');

/** `token …` and `export`. */
export function addTokenCommands(program: Command): void {
  const token = program.command('token').description('tokens: issue, list, show, rotate, revoke');
  withExportOptions(
    token.command('issue').description('issue a token; the secret is printed once, and only here'),
  )
    .requiredOption('--holder <name>', 'who or what uses it')
    .option('--service', 'the holder is a service, not a person', false)
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
          holder: { kind: own.service ? 'service' : 'person', name: own.holder },
          teamId: pick(await client.teams.list(), own.team, 'team').id,
          environmentId: pick(await client.environments.list(), own.env, 'environment').id,
          channelIds: chosen.map((channel) => channel.id),
          ttlDays: parseWholeNumber(own.days, '--days'),
          networks: [...(own.network ?? [])],
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
          `${result.revoked.length} revoked${already > 0 ? `, ${already} had been already` : ''}.`,
        );
      }),
    );
  program
    .command('export <format>')
    .description(`print or write a client configuration: ${exportFormatIds.join(', ')}`)
    .requiredOption('--token <id>', 'for this token')
    .option('--secret-file <file>', 'file with the token’s secret; without one a placeholder is put')
    .option('--secret-fd <n>', 'file descriptor with it')
    .option('--out <dir>', 'write the files there, 0600 where they hold the secret')
    .action(
      (
        format: string,
        own: { token: string; secretFile?: string; secretFd?: string; out?: string },
        command: Command,
      ) =>
        withUnlocked(globalOptionsOf(command), async (session) => {
          const secret =
            own.secretFile === undefined && own.secretFd === undefined
              ? undefined
              : await readSecret({ file: own.secretFile, fd: own.secretFd }, 'token', '--secret');
          const request = {
            format: parseOption(exportFormatId, format, 'the format'),
            tokenId: idOf(own.token),
            ...(secret === undefined ? {} : { secret }),
          };
          const rendered = await session.client.exports.render(request);
          if (own.out !== undefined) {
            const written = await writeFiles(session.client, request, own.out);
            return print(session.options.json, { written }, written.join('\n'));
          }
          const text = rendered.files.map((file) => `# ── ${file.name}\n${file.content}`).join('\n');
          print(session.options.json, rendered, text);
        }),
    );
}

type IssueOptions = {
  holder: string;
  service: boolean;
  team: string;
  env: string;
  channels: readonly string[];
  days: string;
  network?: readonly string[];
  note: string;
};
type ListOptions = {
  search: string;
  state?: readonly string[];
  team?: readonly string[];
  env?: readonly string[];
  limit: string;
};
type RenderRequest = Parameters<CliClient['exports']['render']>[0];

/** `AbCd1234` and `lk-AbCd1234` alike; of a whole token only the id is used. */
function idOf(text: string): ReturnType<typeof tokenId.parse> {
  const bare = text.replace(/^lk-/, '').slice(0, text.startsWith('lk-') ? 8 : undefined);
  return parseOption(tokenId, bare, 'the token’s id (8 letters and digits)');
}

function parseOption<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  value: string,
  what: string,
): T {
  const result = schema.safeParse(value);
  if (!result.success)
    throw new LatchkeyError('INVALID_INPUT', `"${value.slice(0, 40)}" is not valid for ${what}.`);
  return result.data;
}

type ExportPlan = readonly { readonly format: ExportFormatId; readonly dir: string }[];

/**
 * Checks everything about the exports before the token is issued: a secret that was made and then could not be handed
 * over would be a live token that nobody has seen.
 */
function planExports(own: ExportOptions, kinds: readonly ChannelKind[]): ExportPlan {
  if (own.export === undefined) return [];
  const { out } = own;
  if (out === undefined) throw new LatchkeyError('INVALID_INPUT', '--export needs --out DIR.');
  return own.export.map((text) => {
    const format = parseOption(exportFormatId, text, '--export');
    const { title, kinds: wanted } = exportFormats[format];
    if (!wanted.some((kind) => kinds.includes(kind))) {
      throw new LatchkeyError(
        'EXPORT_UNSUPPORTED',
        `${title} needs a ${wanted.join(' or ')} channel, and this token has none.`,
        { details: { format } },
      );
    }
    const dir = join(out, format);
    if (makeFolder(dir).length > 0) {
      throw new LatchkeyError('FILE_EXISTS', `${dir} holds files already. Choose another --out.`, {
        details: { path: dir },
      });
    }
    return { format, dir };
  });
}

/** Makes a folder for files with secrets and says what is in it. @throws LatchkeyError FILE_NOT_WRITABLE */
function makeFolder(dir: string): readonly string[] {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.W_OK);
    return readdirSync(dir);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new LatchkeyError('FILE_NOT_WRITABLE', `The folder ${dir} cannot be used (${code}).`, {
      details: { path: dir },
      cause,
    });
  }
}

async function handOver(
  { client, options }: CliSession,
  issued: IssuedToken,
  own: ExportOptions,
  plan: ExportPlan,
): Promise<void> {
  const written: string[] = [];
  let failure: unknown;
  try {
    for (const { format, dir } of plan) {
      written.push(
        ...(await writeFiles(client, { format, tokenId: issued.token.id, secret: issued.secret }, dir)),
      );
    }
  } catch (error) {
    // The secret below is the only way left to this token: it is printed first, then the failure.
    failure = error;
  }
  if (own.secretOnly && !options.json) print(false, undefined, issued.secret);
  else {
    print(
      options.json,
      { ...issued, written },
      `${issued.secret}\n\nShown once. Token lk-${issued.token.id} for ${issued.token.holder.name}, until ${formatTime(issued.token.expiresAtMs)} UTC.` +
        (written.length === 0 ? '' : `\nWritten: ${written.join(', ')}`),
    );
  }
  if (failure !== undefined) throw failure as Error;
}

/** Writes an export's files into a folder of their own. Never over a file that is there. */
async function writeFiles(client: CliClient, request: RenderRequest, dir: string): Promise<string[]> {
  const { files } = await client.exports.render(request);
  makeFolder(dir);
  const written: string[] = [];
  for (const file of files) {
    const path = join(dir, file.name);
    await writeExport(path, file.content, file.containsSecret ? 0o600 : 0o644, false);
    written.push(path);
  }
  return written;
}

function describeToken(token: TokenView): string {
  const facts: [string, string][] = [
    ['Id', `lk-${token.id}`],
    ['State', token.state + (token.revoked === undefined ? '' : ` (${token.revoked.reason})`)],
    ['Holder', `${token.holder.name} (${token.holder.kind})`],
    ['Team', token.teamName],
    ['Environment', token.environmentName],
    ['Channels', token.channelNames.join(', ')],
    ['Networks', token.networks.length === 0 ? 'anywhere' : token.networks.join(', ')],
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
