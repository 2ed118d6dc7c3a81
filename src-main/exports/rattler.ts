/**
 * Sign-in for rattler and pixi: `pixi auth login`, or a JSON file named by RATTLER_AUTH_FILE; and the channels as a
 * pixi.toml without any secret. `CondaToken` makes rattler ask for `/t/<token>/conda/…`, `BearerToken` sends a
 * header. JSON has no comments, so the
 * notes say it all.
 */
import { stringify } from 'smol-toml';
import { clients, notRun } from './clients.ts';
import { netrcNotes } from './notes.ts';
import {
  anywhere,
  channelNames,
  commandWord,
  condaUrl,
  headerComment,
  hasPath,
  hostOf,
  openFile,
  secretFile,
  secretOf,
} from './parts.ts';
import type { ExportFile, ExportInput, Rendered, Tried } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.rattler;

export const rattlerAuthFileName = 'rattler-auth.json';

/** rattler looks a host up without its port, and an IPv6 address with its brackets. */
export function rattlerHost(input: ExportInput): string {
  const host = hostOf(input);
  return host.includes(':') ? `[${host}]` : host;
}

/** A conda token goes before the whole path, where a proxy that knows the gateway by its path would not find it. */
const asBearer = (input: ExportInput): boolean => hasPath(input);

const manifestPlace = anywhere(says.place);

function manifestFile(input: ExportInput, tried: Tried): ExportFile {
  const urls = channelNames(input, 'conda').map((name) => condaUrl(input, name));
  const content = headerComment(input, says.channels, tried) + stringify({ workspace: { channels: urls } });
  return openFile({ name: 'pixi.toml', content, language: 'toml' });
}

function checkCommand(input: ExportInput): string {
  const [first = ''] = channelNames(input, 'conda');
  return `pixi search --channel ${commandWord(condaUrl(input, first))} PACKAGE`;
}

export function renderPixiLogin(input: ExportInput): Rendered {
  return {
    summary: says.summary,
    files: [manifestFile(input, notRun)],
    where: [manifestPlace],
    checkCommand: checkCommand(input),
    notes: [says.noKeyring],
    commands: [
      {
        title: says.store,
        command: `read -rs TOKEN && pixi auth login ${commandWord(rattlerHost(input))} ${asBearer(input) ? '--token' : '--conda-token'} "$TOKEN"; unset TOKEN`,
      },
    ],
    tried: notRun,
    leaks: [{ how: 'stored', where: '.rattler/credentials.json' }],
  };
}

export function renderRattlerAuth(input: ExportInput): Rendered {
  const auth = {
    [rattlerHost(input)]: asBearer(input)
      ? { BearerToken: secretOf(input) }
      : { CondaToken: secretOf(input) },
  };
  const tried: Tried = [clients.rattler];
  return {
    summary: says.summaryInFile,
    files: [
      secretFile(input, {
        name: rattlerAuthFileName,
        content: `${JSON.stringify(auth, null, 2)}\n`,
        language: 'json',
      }),
      manifestFile(input, tried),
    ],
    where: [
      {
        linux: says.filePlace(rattlerAuthFileName),
        macos: says.filePlace(rattlerAuthFileName),
        windows: says.filePlaceWindows(rattlerAuthFileName),
      },
      manifestPlace,
    ],
    checkCommand: checkCommand(input),
    notes: [says.onePerHost, ...netrcNotes.slice(1)],
    commands: [],
    tried,
    leaks: [],
  };
}
