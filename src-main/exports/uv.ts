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
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.uv;

const tried: Tried = [clients.uv];
const place: ExportPlace = {
  linux: '~/.config/uv/uv.toml',
  macos: '~/.config/uv/uv.toml',
  windows: '%APPDATA%\\uv\\uv.toml',
};
/** Needs no virtual environment and writes nothing. */
const checkCommand = 'echo PACKAGE | uv pip compile -';
const uvNotes: readonly string[] = [says.order, says.stops];

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
    headerComment(input, says.configuration, tried) + uvTomlText(input, (name) => simpleUrl(input, name));
  return {
    summary: says.summary,
    files: [openFile({ name: 'uv.toml', content, language: 'toml' })],
    where: [place],
    checkCommand,
    notes: [
      ...uvNotes,
      says.alsoNetrc([...uvCredentialVariables(input).keys()].slice(0, 2).join(says.and)),
      ...(isPlainRemote(input) ? [says.httpsOnly] : []),
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
      title: says.store,
      command: `uv auth login ${commandWord(input.gatewayUrl)} --username ${userName}`,
    },
    {
      title: says.storeInScript,
      command: `uv auth login ${commandWord(input.gatewayUrl)} --username ${userName} --password - < token-file`,
    },
  ];
}

export function renderUvToml(input: ExportInput): Rendered {
  const header = headerComment(input, says.configuration, tried, { holdsToken: true });
  const content = header + uvTomlText(input, (name) => simpleUrlWithToken(input, name));
  return {
    summary: says.summaryInUrl,
    files: [secretFile(input, { name: 'uv.toml', content, language: 'toml' })],
    where: [place],
    checkCommand,
    notes: [...uvNotes, says.compileCopies, ...netrcNotes],
    commands: [],
    tried,
    leaks: [
      { how: 'stored', where: 'requirements.txt' },
      { how: 'printed', where: 'uv pip compile --emit-index-url' },
    ],
  };
}
