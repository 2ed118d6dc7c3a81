/**
 * `uv.toml`. The last channel is the `default` index: uv asks the default index last, so the list keeps its order and
 * the public index is never asked. `authenticate = "always"` makes uv look for credentials before it sends anything.
 */
import { stringify } from 'smol-toml';
import { netrcNotes } from './netrc.ts';
import {
  channelNames,
  commandWord,
  commonNotes,
  envName,
  headerComment,
  isPlainRemote,
  secretOf,
  simpleUrl,
  simpleUrlWithToken,
  userName,
} from './parts.ts';
import type { ExportInput, RenderedExport } from './types.ts';

function uvToml(input: ExportInput, url: (channel: string) => string): string {
  const names = channelNames(input, 'pypi');
  const index = names.map((name, at) => ({
    name,
    url: url(name),
    ...(at === names.length - 1 ? { default: true } : {}),
    authenticate: 'always',
  }));
  return headerComment(input, 'uv configuration', ['uv']) + stringify({ index });
}

/**
 * The variables from which uv takes the credentials of its named indexes. Names that differ only in punctuation share
 * a variable; it is the same token.
 */
export function uvCredentialVariables(input: ExportInput): ReadonlyMap<string, string> {
  return new Map(
    channelNames(input, 'pypi').flatMap((name): [string, string][] => [
      [`UV_INDEX_${envName(name)}_USERNAME`, userName],
      [`UV_INDEX_${envName(name)}_PASSWORD`, secretOf(input)],
    ]),
  );
}

export function renderUvToml(input: ExportInput): RenderedExport {
  const place = {
    linux: '~/.config/uv/uv.toml',
    macos: '~/.config/uv/uv.toml',
    windows: '%APPDATA%\\uv\\uv.toml',
  };
  return {
    format: 'uv-toml',
    title: 'uv: uv.toml',
    summary:
      'Named indexes with the token in their URLs, or without it for use with the commands or variables.',
    files: [
      {
        name: 'uv.toml',
        content: uvToml(input, (name) => simpleUrlWithToken(input, name)),
        containsSecret: input.secret !== undefined,
        language: 'toml',
      },
      {
        name: 'uv-without-token.toml',
        content: uvToml(input, (name) => simpleUrl(input, name)),
        containsSecret: false,
        language: 'toml',
      },
    ],
    where: [place, place],
    checkCommand: 'uv pip install --dry-run PACKAGE',
    notes: [
      ...commonNotes(input),
      `uv-without-token.toml takes the place of uv.toml where the token comes from "uv auth login", from .netrc, or from ${[...uvCredentialVariables(input).keys()].slice(0, 2).join(' and ')}.`,
      'An [[index]] in a pyproject.toml is asked before those of this file.',
      ...netrcNotes,
    ],
    commands: uvLogin(input),
  };
}

/** uv stores credentials for https and for this computer's own hosts only. */
function uvLogin(input: ExportInput): RenderedExport['commands'] {
  if (isPlainRemote(input)) return [];
  return [
    {
      title: 'Keep the token in the credential store of uv (asks for it), with uv-without-token.toml',
      command: `uv auth login ${commandWord(input.gatewayUrl)} --username ${userName}`,
    },
  ];
}
