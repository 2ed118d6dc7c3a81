import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ImportFile, ImportReport } from '../../shared/contract/import-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { readRegularFile } from '../disk/read-file.ts';
import { parseChoice } from './options.ts';
import { print, printMade, printNotice, toCsv } from './output.ts';
import type { CliSession } from './session.ts';
import { globalOptionsOf, withUnlocked } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

type Own = {
  readonly teams?: string;
  readonly holders?: string;
  readonly tokens?: string;
  readonly dryRun: boolean;
  readonly secretsTo?: string;
  readonly template?: string;
};

const words = texts.cli.imports;

const files = ['teams', 'holders', 'tokens'] as const satisfies readonly ImportFile[];
const templates: Readonly<Record<ImportFile, string>> = {
  teams: 'name,description\nscience,Notebooks and models\n',
  holders: 'name,kind,note\nGrace Hopper,person,\nnightly-training,service,CI\n',
  tokens:
    'holder,kind,team,environment,channels,days,networks,note\nGrace Hopper,person,science,dev,main internal,90,anywhere,Laptop\n',
};

/** A file of ten thousand rows has some hundred kilobytes. */
const maxFileBytes = 4 * 1024 * 1024;

/** `import`. */
export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description(words.description)
    .option('--teams <file>', words.teamColumns)
    .option('--holders <file>', words.holderColumns)
    .option('--tokens <file>', words.tokenColumns)
    .option('--dry-run', words.dryRun, false)
    .option('--secrets-to <file>', words.secretsTo)
    .option('--template <what>', words.template)
    .action(async (own: Own, command: Command) => {
      if (own.template !== undefined) {
        printMade(templates[parseChoice(files, own.template, '--template')]);
        return undefined;
      }
      if (files.every((file) => own[file] === undefined))
        throw new LatchkeyError('INVALID_INPUT', words.nothing);
      const secretsTo = placeOf(own);
      const texts = await readFiles(own);
      return withUnlocked(globalOptionsOf(command), (session) => run(session, own, texts, secretsTo));
    });
}

async function readFiles(own: Own): Promise<Partial<Record<ImportFile, string>>> {
  const texts: Partial<Record<ImportFile, string>> = {};
  for (const file of files) {
    const path = own[file];
    if (path === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop
    texts[file] = (await readRegularFile(path, { maxBytes: maxFileBytes })).toString('utf8');
  }
  return texts;
}

/** Looked at before anything is made: a secret that nobody can be given is a token that nobody has seen. */
function placeOf(own: Own): string | undefined {
  if (own.tokens === undefined || own.dryRun) return undefined;
  if (own.secretsTo === undefined) throw new LatchkeyError('INVALID_INPUT', words.whereTo);
  if (own.secretsTo === '-') return '-';
  const path = resolve(own.secretsTo);
  if (existsSync(path)) {
    throw new LatchkeyError('FILE_EXISTS', words.exists(path), {
      details: { path },
    });
  }
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (cause) {
    throw new LatchkeyError('FILE_NOT_WRITABLE', words.folderNotWritable(path), {
      details: { path },
      cause,
    });
  }
  return path;
}

async function run(
  { client, options }: CliSession,
  own: Own,
  texts: Partial<Record<ImportFile, string>>,
  secretsTo: string | undefined,
): Promise<void> {
  const report = await client.imports.run({ ...texts, dryRun: own.dryRun });
  const { issued, ...rest } = report;
  if (report.problems.length > 0) {
    if (options.json) print(true, rest, '');
    else
      for (const { file, line, column, message } of report.problems)
        printNotice(`${own[file] ?? file}:${line}:${column === undefined ? '' : ` ${column}:`} ${message}`);
    throw new LatchkeyError('INVALID_INPUT', words.bad(report.problems.length));
  }
  if (!report.applied) {
    print(options.json, rest, words.wouldMake(words.counts(report)));
    return;
  }
  const failure = secretsTo === undefined ? undefined : await handOut(issued, secretsTo);
  const to = secretsTo === undefined || secretsTo === '-' ? '' : words.secretsIn(secretsTo);
  if (secretsTo === '-' || failure !== undefined) printNotice(words.madeLog(words.counts(report)));
  else print(options.json, { ...rest, secretsTo }, words.made(words.counts(report), to));
  if (failure !== undefined) throw failure;
}

/** @returns what kept the file from being written: then the secrets are on stdout, which is the only way left to them */
async function handOut(issued: ImportReport['issued'], secretsTo: string): Promise<Error | undefined> {
  const head = ['line', 'holder', 'kind', 'team', 'environment', 'channels', 'id', 'expires', 'secret'];
  const rows = issued.map(({ line, token, secret }) => [
    String(line),
    token.holder.name,
    token.holder.kind,
    token.teamName,
    token.environmentName,
    token.channelNames.join(' '),
    `lk-${token.id}`,
    new Date(token.expiresAtMs).toISOString(),
    secret,
  ]);
  const text = await toCsv([head, ...rows]);
  if (secretsTo === '-') {
    printMade(text);
    return undefined;
  }
  try {
    const { replaceFile } = await import('../disk/write-file.ts');
    await replaceFile(secretsTo, text, { mode: 0o600, existing: 'refuse', refuseLink: true });
    return undefined;
  } catch (error) {
    printMade(text);
    return error as Error;
  }
}
