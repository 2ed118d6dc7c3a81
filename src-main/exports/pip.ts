/** pip's configuration file, with the token in the URLs, and without it plus a `.netrc`. */
import { stringify } from 'ini';
import { netrcFile, netrcNotes, netrcPlace } from './netrc.ts';
import {
  channelNames,
  commandWord,
  commonNotes,
  headerComment,
  hostOf,
  isPlainRemote,
  simpleUrl,
  simpleUrlWithToken,
  userName,
} from './parts.ts';
import type { ExportFile, ExportInput, ExportPlace, RenderedExport } from './types.ts';

const place: ExportPlace = {
  linux: '~/.config/pip/pip.conf',
  macos: '~/.config/pip/pip.conf',
  windows: '%APPDATA%\\pip\\pip.ini',
};
const checkCommand = 'python -m pip install --dry-run --ignore-installed --no-deps PACKAGE';
const pipNotes: readonly string[] = [
  'Where the gateway refuses an index, pip says only "No matching distribution found"; "pip -vv" shows the reason.',
  'On Windows the file is named pip.ini.',
  'A PIP_INDEX_URL variable, or --index-url, wins over this file. "pip config debug" lists all that pip reads.',
];
const manyIndexes =
  'pip takes the best version from any of its indexes, without an order. A name that exists in two channels may come from either.';

/** Hosts that pip must be told to trust over plain http; it accepts loopback addresses by itself. */
export function pipTrustedHost(input: ExportInput): string | undefined {
  if (!isPlainRemote(input)) return undefined;
  // pip adds the brackets of a bare IPv6 address itself; with them the INI writer would have to quote it.
  const host = hostOf(input);
  return host.includes(':') ? host : new URL(input.gatewayUrl).host;
}

function pipFile(input: ExportInput, url: (channel: string) => string, containsSecret: boolean): ExportFile {
  const [first, ...others] = channelNames(input, 'pypi').map(url);
  const trusted = pipTrustedHost(input);
  const global = {
    'index-url': first,
    // pip splits the value at white space.
    ...(others.length === 0 ? {} : { 'extra-index-url': others.join(' ') }),
    // A refused token must fail a build, not stop it at a prompt for a password.
    'no-input': true,
    ...(trusted === undefined ? {} : { 'trusted-host': trusted }),
  };
  const body = stringify({ global }, { whitespace: true, platform: 'linux' });
  return {
    name: 'pip.conf',
    content: headerComment(input, 'pip configuration', ['pip']) + body,
    containsSecret,
    language: 'ini',
  };
}

function notes(input: ExportInput): readonly string[] {
  return [
    ...commonNotes(input),
    ...pipNotes,
    ...(channelNames(input, 'pypi').length > 1 ? [manyIndexes] : []),
  ];
}

export function renderPipConf(input: ExportInput): RenderedExport {
  return {
    format: 'pip-conf',
    title: 'pip: pip.conf (pip.ini on Windows)',
    summary: 'One file with the token in the URLs of the indexes.',
    files: [pipFile(input, (channel) => simpleUrlWithToken(input, channel), input.secret !== undefined)],
    where: [place],
    checkCommand,
    notes: notes(input),
    commands: [],
  };
}

export function renderPipNetrc(input: ExportInput): RenderedExport {
  const [first = ''] = channelNames(input, 'pypi');
  const indexUrl = simpleUrl(input, first);
  const named = new URL(indexUrl);
  named.username = userName;
  return {
    format: 'pip-netrc',
    title: 'pip: pip.conf and .netrc',
    summary: 'A pip.conf without a secret, which may be shared, and the token in .netrc.',
    files: [pipFile(input, (channel) => simpleUrl(input, channel), false), netrcFile(input)],
    where: [place, netrcPlace],
    checkCommand,
    notes: [...notes(input), ...netrcNotes],
    commands: [
      {
        title: 'Keep the token in the keyring of the system (asks for it)',
        command: `keyring set ${commandWord(indexUrl)} ${userName}`,
      },
      {
        title: 'Install with the token from the keyring',
        command: `python -m pip install --keyring-provider subprocess --index-url ${commandWord(named.href)} PACKAGE`,
      },
    ],
  };
}
