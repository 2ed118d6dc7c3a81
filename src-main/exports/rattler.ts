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

export const rattlerAuthFileName = 'rattler-auth.json';

/** rattler looks a host up without its port, and an IPv6 address with its brackets. */
export function rattlerHost(input: ExportInput): string {
  const host = hostOf(input);
  return host.includes(':') ? `[${host}]` : host;
}

/** A conda token goes before the whole path, where a proxy that knows the gateway by its path would not find it. */
const asBearer = (input: ExportInput): boolean => hasPath(input);

const manifestPlace = anywhere('the project folder, merged into its pixi.toml');

function manifestFile(input: ExportInput, tried: Tried): ExportFile {
  const urls = channelNames(input, 'conda').map((name) => condaUrl(input, name));
  const content =
    headerComment(input, 'Channels of a pixi.toml', tried) + stringify({ workspace: { channels: urls } });
  return openFile({ name: 'pixi.toml', content, language: 'toml' });
}

function checkCommand(input: ExportInput): string {
  const [first = ''] = channelNames(input, 'conda');
  return `pixi search --channel ${commandWord(condaUrl(input, first))} PACKAGE`;
}

export function renderPixiLogin(input: ExportInput): Rendered {
  return {
    summary: 'Channels for a pixi.toml that may be shared, and the token in the keyring of the system.',
    files: [manifestFile(input, notRun)],
    where: [manifestPlace],
    checkCommand: checkCommand(input),
    notes: [
      'Without a keyring pixi keeps the token in ~/.rattler/credentials.json. It reads .netrc too, if no comment stands in it.',
    ],
    commands: [
      {
        title: 'Keep the token in the keyring of the system (bash or zsh; paste the token, it is not shown)',
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
    summary: 'The token in a file of its own, and the channels for a pixi.toml that may be shared.',
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
        linux: `~/.config/${rattlerAuthFileName}, named by RATTLER_AUTH_FILE`,
        macos: `~/.config/${rattlerAuthFileName}, named by RATTLER_AUTH_FILE`,
        windows: `%APPDATA%\\${rattlerAuthFileName}, named by RATTLER_AUTH_FILE`,
      },
      manifestPlace,
    ],
    checkCommand: checkCommand(input),
    notes: [
      'One entry holds for all ports of a host. RATTLER_AUTH_FILE takes the whole path of the file.',
      ...netrcNotes.slice(1),
    ],
    commands: [],
    tried,
    leaks: [],
  };
}
