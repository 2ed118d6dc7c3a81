/**
 * `uv.toml`. The last channel is the `default` index: uv asks the default index last, so the list keeps its order and
 * the public index is never asked. `authenticate = "always"` makes uv look for credentials before it sends anything.
 */
import { stringify } from 'smol-toml';
import { clients } from './clients.ts';
import { netrcNotes } from './notes.ts';
import {
  channelNames,
  commandWord,
  envName,
  headerComment,
  isPlainRemote,
  openFile,
  secretFile,
  secretOf,
  simpleUrl,
  simpleUrlWithToken,
  userName,
} from './parts.ts';
import type { ExportInput, ExportPlace, Rendered, Tried } from './types.ts';

const tried: Tried = [clients.uv];
const place: ExportPlace = {
  linux: '~/.config/uv/uv.toml',
  macos: '~/.config/uv/uv.toml',
  windows: '%APPDATA%\\uv\\uv.toml',
};
/** Needs no virtual environment and writes nothing. */
const checkCommand = 'echo PACKAGE | uv pip compile -';
const uvNotes: readonly string[] = [
  'An [[index]] in a pyproject.toml is asked before those of this file, and one in the uv.toml of the system (/etc/uv, %PROGRAMDATA%\\uv) before the last of them. UV_CONFIG_FILE naming this file shuts out the others.',
  'uv stops at a 403 of an index; it does not go on to the next one.',
];

/** The text of a uv.toml without its header. */
export function uvTomlText(input: ExportInput, url: (channel: string) => string): string {
  const names = channelNames(input, 'pypi');
  const index = names.map((name, at) => ({
    name,
    url: url(name),
    ...(at === names.length - 1 ? { default: true } : {}),
    authenticate: 'always',
  }));
  return stringify({ index });
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

export function renderUvLogin(input: ExportInput): Rendered {
  const content =
    headerComment(input, 'uv configuration', tried) + uvTomlText(input, (name) => simpleUrl(input, name));
  return {
    summary: 'Named indexes without a secret, and the token in the credential store of uv.',
    files: [openFile({ name: 'uv.toml', content, language: 'toml' })],
    where: [place],
    checkCommand,
    notes: [
      ...uvNotes,
      `uv takes the token from .netrc too (see the export for pip), or from ${[...uvCredentialVariables(input).keys()].slice(0, 2).join(' and ')}.`,
      ...(isPlainRemote(input) ? ['uv auth login takes https addresses only: use .netrc here.'] : []),
    ],
    commands: uvLogin(input),
    tried,
    leaks: isPlainRemote(input) ? [] : [{ how: 'stored', where: 'uv/credentials/credentials.toml' }],
  };
}

/** uv stores credentials for https and for this computer's own hosts only. */
function uvLogin(input: ExportInput): Rendered['commands'] {
  if (isPlainRemote(input)) return [];
  return [
    {
      title: 'Keep the token in the credential store of uv (asks for it)',
      command: `uv auth login ${commandWord(input.gatewayUrl)} --username ${userName}`,
    },
    {
      title: 'The same in a script, with the token on standard input',
      command: `uv auth login ${commandWord(input.gatewayUrl)} --username ${userName} --password - < token-file`,
    },
  ];
}

export function renderUvToml(input: ExportInput): Rendered {
  const header = headerComment(input, 'uv configuration', tried, { holdsToken: true });
  const content = header + uvTomlText(input, (name) => simpleUrlWithToken(input, name));
  return {
    summary: 'Named indexes with the token in their URLs.',
    files: [secretFile(input, { name: 'uv.toml', content, language: 'toml' })],
    where: [place],
    checkCommand,
    notes: [
      ...uvNotes,
      'uv pip compile --emit-index-url copies the URL of the index, token included, into its output. Lock files hold none.',
      ...netrcNotes,
    ],
    commands: [],
    tried,
    leaks: [
      { how: 'stored', where: 'requirements.txt' },
      { how: 'printed', where: 'uv pip compile --emit-index-url' },
    ],
  };
}
