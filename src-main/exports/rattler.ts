/**
 * Sign-in for rattler and pixi: a JSON file named by RATTLER_AUTH_FILE, and the channels as a pixi.toml without any
 * secret. `CondaToken` makes rattler ask for `/t/<token>/conda/…`, `BearerToken` sends a header. JSON has no comments, so the notes say it all.
 */
import { stringify } from 'smol-toml';
import {
  channelNames,
  commandWord,
  commonNotes,
  condaUrl,
  hasPath,
  headerComment,
  hostOf,
  secretOf,
} from './parts.ts';
import type { ExportInput, RenderedExport } from './types.ts';

export const rattlerAuthFileName = 'rattler-auth.json';

/** rattler looks a host up without its port, and an IPv6 address with its brackets. */
export function rattlerHost(input: ExportInput): string {
  const host = hostOf(input);
  return host.includes(':') ? `[${host}]` : host;
}

export function renderRattlerAuth(input: ExportInput): RenderedExport {
  const urls = channelNames(input, 'conda').map((name) => condaUrl(input, name));
  // A conda token goes before the whole path, where a proxy that knows the gateway by its path would not find it.
  const asBearer = hasPath(input);
  const auth = {
    [rattlerHost(input)]: asBearer ? { BearerToken: secretOf(input) } : { CondaToken: secretOf(input) },
  };
  const manifest = stringify({ workspace: { channels: urls } });
  return {
    format: 'rattler-auth',
    title: 'pixi and rattler',
    summary: 'The token in a file of its own, and the channels for a pixi.toml that may be shared.',
    files: [
      {
        name: rattlerAuthFileName,
        content: `${JSON.stringify(auth, null, 2)}\n`,
        containsSecret: input.secret !== undefined,
        language: 'json',
      },
      {
        name: 'pixi.toml',
        content: headerComment(input, 'Channels of a pixi.toml', ['rattler']) + manifest,
        containsSecret: false,
        language: 'toml',
      },
    ],
    where: [
      {
        linux: `~/.config/${rattlerAuthFileName}, named by RATTLER_AUTH_FILE`,
        macos: `~/.config/${rattlerAuthFileName}, named by RATTLER_AUTH_FILE`,
        windows: `%APPDATA%\\${rattlerAuthFileName}, named by RATTLER_AUTH_FILE`,
      },
      {
        linux: 'the project folder, merged into its pixi.toml',
        macos: 'the project folder, merged into its pixi.toml',
        windows: 'the project folder, merged into its pixi.toml',
      },
    ],
    checkCommand: `pixi search --channel ${commandWord(urls[0] ?? '')} PACKAGE`,
    notes: [
      ...commonNotes(input),
      'Tried with py-rattler 0.28.0. One entry holds for all ports of a host.',
      'RATTLER_AUTH_FILE takes the whole path of the file.',
    ],
    commands: [
      {
        title: 'Keep the token in the keyring of the system (bash or zsh; paste the token, it is not shown)',
        command: `read -rs TOKEN && pixi auth login ${commandWord(rattlerHost(input))} ${asBearer ? '--token' : '--conda-token'} "$TOKEN"; unset TOKEN`,
      },
    ],
  };
}
