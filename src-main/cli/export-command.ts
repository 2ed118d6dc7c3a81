/** What both a new token and a stored one are handed over by: configurations of clients, printed or written. */
import { join } from 'node:path';
import { accessSync, constants, readdirSync } from 'node:fs';
import type { Command } from 'commander';
import type { RenderedExport } from '../../shared/contract/export-views.ts';
import type { IssuedToken } from '../../shared/contract/token-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { ChannelKind } from '../../shared/model/domain.ts';
import type { ExportFormatId } from '../../shared/model/export-formats.ts';
import {
  exportFormatIds,
  exportFormats,
  exportFormatsFor,
  formatsOf,
} from '../../shared/model/export-formats.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import { utcMinute } from '../../shared/texts/utc.ts';
import { describeExport, describeWritten } from './export-text.ts';
import { idOf, parseChoice } from './options.ts';
import { readSecret } from './passphrase.ts';
import { print, printNotice } from './output.ts';
import type { CliClient, CliSession } from './session.ts';
import { collectList, globalOptionsOf, withUnlocked } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';
import { makeFolderSync } from '../disk/make-folder.ts';

const says = texts.cli.exports;

const words = texts.commands.exportCommand;

/** Stands for the recommended format of each kind of channel that the token reaches. */
const recommended = 'recommended';
const formatList = `${recommended} (${formatsOf('recommended', exportFormatIds).join(', ')}), ${exportFormatIds
  .filter((id) => exportFormats[id].group !== 'recommended')
  .join(', ')}`;

export type ExportOptions = { export?: readonly string[]; out?: string; secretOnly: boolean };

export const withExportOptions = (command: Command): Command =>
  command
    .option('--secret-only', words.printNothingButThe, false)
    .option('--export <formats>', words.alsoWriteConfigurations(formatList), collectList)
    .option('--out <dir>', words.folderForThem);

/** `export`. */
export function addExportCommand(program: Command): void {
  program
    .command('export [format]')
    .description(words.printOrWriteA(formatList))
    .requiredOption('--token <id>', words.forThisToken)
    .option('--secret-file <file>', words.fileWithTheTokens)
    .option('--secret-fd <n>', words.fileDescriptorWithIt)
    .option('--out <dir>', words.writeTheFilesThere)
    .action((format: string | undefined, own: OwnOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async (session) => {
        const secret =
          own.secretFile === undefined && own.secretFd === undefined
            ? undefined
            : await readSecret({ file: own.secretFile, fd: own.secretFd }, 'token', '--secret');
        const tokenId = idOf(own.token);
        const formats = formatsMeant(format ?? recommended, await kindsOf(session.client, tokenId));
        const requests = formats.map((id) => ({
          format: id,
          tokenId,
          ...(secret === undefined ? {} : { secret }),
        }));
        const { json } = session.options;
        if (own.out !== undefined) {
          const { out } = own;
          const all: Written[] = [];
          for (const request of requests) {
            // Each of several formats has its own folder: two of them may have a file of the same name.
            const dir = requests.length === 1 ? out : join(out, request.format);
            all.push(await writeFiles(session.client, request, dir));
          }
          const warnings = warn(
            json,
            all.map(({ rendered }) => rendered),
          );
          return print(
            json,
            { written: all.flatMap(({ paths }) => paths), warnings },
            all.map(({ rendered, paths }) => describeWritten(rendered, paths)).join('\n'),
          );
        }
        const rendered = [];
        for (const request of requests) rendered.push(await session.client.exports.render(request));
        warn(json, rendered);
        print(json, rendered.length === 1 ? rendered[0] : rendered, rendered.map(describeExport).join('\n'));
      }),
    );
}

type OwnOptions = { token: string; secretFile?: string; secretFd?: string; out?: string };

/** Of which kinds the channels of a token are. */
async function kindsOf(client: CliClient, id: TokenId): Promise<readonly ChannelKind[]> {
  const { channelIds } = await client.tokens.get({ id });
  const channels = await client.channels.list();
  return channels.filter((channel) => channelIds.includes(channel.id)).map((channel) => channel.kind);
}

/** @throws LatchkeyError INVALID_INPUT when the text names no format, EXPORT_UNSUPPORTED when no channel fits it */
function formatsMeant(text: string, kinds: readonly ChannelKind[]): readonly ExportFormatId[] {
  if (text === recommended) return formatsOf('recommended', exportFormatsFor(new Set(kinds)));
  const format = parseChoice(exportFormatIds, text, says.theFormat);
  const { title, kinds: wanted } = exportFormats[format];
  if (wanted.some((kind) => kinds.includes(kind))) return [format];
  throw new LatchkeyError('EXPORT_UNSUPPORTED', says.kindMissing(title, wanted.join(says.or)), {
    details: { format },
  });
}

type RenderRequest = Parameters<CliClient['exports']['render']>[0];

export type ExportPlan = readonly { readonly format: ExportFormatId; readonly dir: string }[];

/**
 * Checks everything about the exports before the token is issued: a secret that was made and then could not be handed
 * over would be a live token that nobody has seen.
 */
export function planExports(own: ExportOptions, kinds: readonly ChannelKind[]): ExportPlan {
  if (own.export === undefined) return [];
  const { out } = own;
  if (out === undefined) throw new LatchkeyError('INVALID_INPUT', says.needsOut);
  const formats = new Set(own.export.flatMap((text) => formatsMeant(text, kinds)));
  return [...formats].map((format) => {
    const dir = join(out, format);
    if (makeFolder(dir).length > 0) {
      throw new LatchkeyError('FILE_EXISTS', says.folderTaken(dir), {
        details: { path: dir },
      });
    }
    return { format, dir };
  });
}

/** Makes a folder for files with secrets and says what is in it. @throws LatchkeyError FILE_NOT_WRITABLE */
function makeFolder(dir: string): readonly string[] {
  try {
    makeFolderSync(dir);
    accessSync(dir, constants.W_OK);
    return readdirSync(dir);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new LatchkeyError('FILE_NOT_WRITABLE', says.folderUnusable(dir, code), {
      details: { path: dir },
      cause,
    });
  }
}

/** Prints the secret, once, and writes what was planned. */
export async function handOver(
  { client, options }: CliSession,
  issued: IssuedToken,
  own: ExportOptions,
  plan: ExportPlan,
): Promise<void> {
  const all: Written[] = [];
  let failure: unknown;
  try {
    for (const { format, dir } of plan) {
      all.push(await writeFiles(client, { format, tokenId: issued.token.id, secret: issued.secret }, dir));
    }
  } catch (error) {
    // The secret below is the only way left to this token: it is printed first, then the failure.
    failure = error;
  }
  const written = all.flatMap(({ paths }) => paths);
  const warnings = warn(
    options.json,
    all.map(({ rendered }) => rendered),
  );
  if (own.secretOnly && !options.json) print(false, undefined, issued.secret);
  else {
    print(
      options.json,
      { ...issued, written, warnings },
      says.shownOnce(
        issued.secret,
        issued.token.id,
        issued.token.holder.name,
        utcMinute(issued.token.expiresAtMs),
        all.map(({ rendered, paths }) => `\n\n${describeWritten(rendered, paths)}`).join(''),
      ),
    );
  }
  if (failure !== undefined) throw failure as Error;
}

/** Writes an export's files into a folder of their own. Never over a file that is there. */
async function writeFiles(client: CliClient, request: RenderRequest, dir: string): Promise<Written> {
  const rendered = await client.exports.render(request);
  makeFolder(dir);
  const { writeExport } = await import('../services/save-door.ts');
  const paths: string[] = [];
  for (const file of rendered.files) {
    const path = join(dir, file.name);
    await writeExport(path, file.content, file.containsSecret ? 0o600 : 0o644, false);
    paths.push(path);
  }
  return { rendered, paths };
}

type Written = { readonly rendered: RenderedExport; readonly paths: readonly string[] };

/** Once each: on stderr, which a script that reads the answer leaves to its user; with JSON they are in the answer. */
function warn(json: boolean, all: readonly RenderedExport[]): readonly string[] {
  const warnings = [...new Set(all.flatMap(({ warnings: own }) => own))];
  if (!json) for (const warning of warnings) printNotice(says.warning(warning));
  return warnings;
}
