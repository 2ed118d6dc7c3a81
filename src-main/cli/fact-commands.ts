import { setTimeout as wait } from 'node:timers/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AdvisoryRow, FeedView } from '../../shared/contract/curation-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { feedKinds } from '../../shared/model/curation.ts';
import { curatedStatus, ecosystem as ecosystems, vexJustification } from '../../shared/model/packages.ts';
import { texts } from '../../shared/texts/texts.ts';
import { formatTable, formatTime, print } from './output.ts';
import type { IsTold } from './agent-session.ts';
import type { CliClient } from './session.ts';
import { collectList, globalOptionsOf, parseWholeNumber, withUnlocked } from './session.ts';

const words = texts.factCommands;
/** The state of each feed is what these commands print; what was wrong before they read one is over. */
const aboutOther: IsTold = (code) => !code.startsWith('facts-');
/** Reading goes on in the app that has the vault open; this only looks. */
const lookEveryMs = 300;

/** `facts …`, `advisory …`, `label`. */
export function addFactCommands(program: Command): void {
  addFeedCommands(program.command('facts').description(words.facts));
  addAdvisoryCommands(program.command('advisory').description(words.advisory));
  program
    .command('label <package> [labels...]')
    .description(words.label)
    .action((what: string, labels: string[], _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const about = packageOf(what);
        await client.curation.label({ ...about, labels });
        print(options.json, { ...about, labels }, words.labelled(what, labels));
      }),
    );
}

type AddOptions = {
  kind: string;
  url?: string;
  folder?: string;
  privateHosts?: readonly string[];
  every: string;
  staleAfter: string;
};

function addFeedCommands(facts: Command): void {
  facts
    .command('status')
    .description(words.status)
    .action((_own: object, command: Command) =>
      withUnlocked(
        globalOptionsOf(command),
        async ({ client, options }) => {
          const found = await client.curation.facts();
          print(options.json, found, feedTable(found.feeds));
          tellTrouble(found.feeds);
        },
        aboutOther,
      ),
    );
  facts
    .command('add <name>')
    .description(words.add)
    .requiredOption('--kind <kind>', words.kind)
    .option('--url <url>', words.url)
    .option('--folder <label>', words.folder)
    .option('--private-hosts <hosts>', words.privateHosts, collectList)
    .option('--every <hours>', words.every, '24')
    .option('--stale-after <hours>', words.staleAfter, '72')
    .action((name: string, own: AddOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const saved = await client.curation.saveFeed({
          name,
          kind: oneOf(feedKinds, own.kind, '--kind'),
          source: sourceOf(own),
          everyHours: parseWholeNumber(own.every, '--every'),
          staleAfterHours: parseWholeNumber(own.staleAfter, '--stale-after'),
        });
        print(options.json, saved, words.feedAdded(name));
      }),
    );
  facts
    .command('remove <name>')
    .description(words.remove)
    .action((name: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        await client.curation.removeFeed({ name });
        print(options.json, { removed: name }, words.feedRemoved(name));
      }),
    );
  facts
    .command('update [name]')
    .description(words.update)
    .option('--accept-shrunk', words.acceptShrunk, false)
    .action((name: string | undefined, own: { acceptShrunk: boolean }, command: Command) =>
      withUnlocked(
        globalOptionsOf(command),
        async ({ client, options }) => {
          const { feeds } = await client.curation.facts();
          const names = name === undefined ? feeds.map((feed) => feed.name) : [name];
          for (const one of names)
            await client.curation.updateFeed({ name: one, acceptShrunk: own.acceptShrunk });
          await showRead(client, names, options.json);
        },
        aboutOther,
      ),
    );
  facts
    .command('import <name> <path>')
    .description(words.import)
    .option('--accept-shrunk', words.acceptShrunk, false)
    .action((name: string, path: string, own: { acceptShrunk: boolean }, command: Command) =>
      withUnlocked(
        globalOptionsOf(command),
        async ({ client, options }) => {
          await client.curation.importFeed({ name, path: resolve(path), acceptShrunk: own.acceptShrunk });
          await showRead(client, [name], options.json);
        },
        aboutOther,
      ),
    );
}

function sourceOf({
  url,
  folder,
  privateHosts,
}: AddOptions): Parameters<CliClient['curation']['saveFeed']>[0]['source'] {
  if ((url === undefined) === (folder === undefined))
    throw new LatchkeyError('INVALID_INPUT', words.needsSource);
  if (url === undefined) return { type: 'folder', label: folder ?? '' };
  return { type: 'url', url, ...(privateHosts === undefined ? {} : { privateHosts: [...privateHosts] }) };
}

/** Waits for the end, and says what came of it. A feed that went wrong ends the command with an error's code. */
async function showRead(client: CliClient, names: readonly string[], isJson: boolean): Promise<void> {
  let feeds: readonly FeedView[];
  for (;;) {
    ({ feeds } = await client.curation.facts());
    feeds = feeds.filter(({ name }) => names.includes(name));
    if (!feeds.some(({ isUpdating }) => isUpdating)) break;
    await wait(lookEveryMs);
  }
  print(isJson, feeds, feedTable(feeds));
  tellTrouble(feeds);
}

/** For whoever only looks at the exit code: a feed that is too old, failed, or waits to be accepted. */
function tellTrouble(feeds: readonly FeedView[]): void {
  const isTrouble = (feed: FeedView): boolean =>
    feed.isStale || feed.shrunk !== undefined || feed.problem !== undefined;
  if (feeds.some(isTrouble)) process.exitCode = 1;
}

function feedTable(feeds: readonly FeedView[]): string {
  if (feeds.length === 0) return words.noFeeds;
  const rows = feeds.map((feed) => [
    feed.name,
    feed.kind,
    String(feed.records),
    String(feed.gone),
    feed.fetchedAtMs === undefined ? words.never : formatTime(feed.fetchedAtMs),
    stateOf(feed),
  ]);
  return formatTable(words.head.feeds, rows);
}

function stateOf({ isUpdating, shrunk, problem, isStale }: FeedView): string {
  if (isUpdating) return words.updating;
  if (shrunk !== undefined) return words.shrunk(shrunk.from, shrunk.to);
  return problem ?? (isStale ? words.stale : words.updated);
}

function addAdvisoryCommands(advisory: Command): void {
  advisory
    .command('list [text]')
    .description(words.advisoryList)
    .option('--ecosystem <ecosystem>', words.ecosystem)
    .option('--open', words.open, false)
    .option('--in-use', words.inUse, false)
    .option('--limit <n>', words.limit, '50')
    .action(
      (
        text: string | undefined,
        own: { ecosystem?: string; open: boolean; inUse: boolean; limit: string },
        command: Command,
      ) =>
        withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
          const page = await client.curation.advisories({
            text: text ?? '',
            open: own.open,
            inUse: own.inUse,
            limit: parseWholeNumber(own.limit, '--limit'),
            ...(own.ecosystem === undefined
              ? {}
              : { ecosystem: oneOf(ecosystems.options, own.ecosystem, '--ecosystem') }),
          });
          const rows = page.rows.map((row) => [
            row.id,
            `${row.ecosystem}:${row.name}`,
            row.affected,
            row.isMalware ? words.malware : row.score === undefined ? '-' : String(row.score),
            row.status ?? '-',
            useText(row),
            row.summary,
          ]);
          const table = formatTable(words.head.advisories, rows);
          const known = page.knowsUse ? [] : [words.noUse];
          print(options.json, page, [table + words.total(page.rows.length, page.total), ...known].join('\n'));
        }),
    );
  advisory
    .command('assess <id> <package>')
    .description(words.assess)
    .requiredOption('--status <status>', words.assessStatus)
    .requiredOption('--reason <text>', words.reason)
    .option('--justification <name>', words.justification)
    .option('--evidence <text>', words.evidence, '')
    .option('--unknown', words.unknown, false)
    .action((id: string, what: string, own: AssessOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const assessment = {
          advisoryId: id,
          ...packageOf(what),
          status: oneOf(curatedStatus.options, own.status, '--status'),
          reason: own.reason,
          evidence: own.evidence,
          ...(own.justification === undefined
            ? {}
            : { justification: oneOf(vexJustification.options, own.justification, '--justification') }),
        };
        const said = await assess(client, assessment, own.unknown);
        print(options.json, assessment, said(id, what, assessment.status));
      }),
    );
}

/** What of it was asked for: versions, else that its page was. */
function useText({ inUse }: AdvisoryRow): string {
  if (inUse === undefined) return '-';
  const versions = [...new Set(inUse.packages.flatMap((one) => one.versions))];
  return versions.length === 0 ? words.asked : versions.slice(0, mostVersions).join(' ');
}
const mostVersions = 3;

type Assessments = Parameters<CliClient['curation']['assess']>[0]['assessments'];

/** @returns what to say about it @throws LatchkeyError NOT_FOUND for one that no feed knows, unless it is to be kept */
async function assess(
  client: CliClient,
  assessment: Assessments[number],
  keepsUnknown: boolean,
): Promise<typeof words.assessed> {
  try {
    await client.curation.assess({ assessments: [assessment] });
    return words.assessed;
  } catch (error) {
    if (!keepsUnknown || !(error instanceof LatchkeyError) || error.code !== 'NOT_FOUND') throw error;
    await client.curation.assess({ assessments: [assessment], keepUnknown: true });
    return words.assessedUnknown;
  }
}

type AssessOptions = {
  status: string;
  reason: string;
  justification?: string;
  evidence: string;
  unknown: boolean;
};

/** `pypi:django==4.2` or `conda:openssl`. @throws LatchkeyError INVALID_INPUT */
function packageOf(text: string) {
  const found = /^(conda|pypi):([^=\s]+)(?:==?(\S+))?$/.exec(text);
  if (found === null) throw new LatchkeyError('INVALID_INPUT', words.needsPackage);
  const [, ecosystem = '', name = '', version] = found;
  const parsed = ecosystems.parse(ecosystem);
  return { ecosystem: parsed, name: name.toLowerCase(), ...(version === undefined ? {} : { version }) };
}

/** @throws LatchkeyError INVALID_INPUT naming what may stand there */
function oneOf<T extends string>(all: readonly T[], text: string, option: string): T {
  const found = all.find((one) => one === text);
  if (found === undefined) throw new LatchkeyError('INVALID_INPUT', `${option}: ${all.join(', ')}`);
  return found;
}
