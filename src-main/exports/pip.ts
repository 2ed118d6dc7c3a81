/**
 * pip's configuration: without the token plus a `.netrc`, from the keyring, or with the token in the URLs. pip lays its
 * files over each other key by key, and a command's section wins over `[global]` whichever file it stands in: an index
 * that a more general file names stays in force unless this one names each key, in each section.
 */
import { stringify } from 'ini';
import { clients } from './clients.ts';
import { netrcFile, netrcPlace } from './netrc.ts';
import { netrcNotes, pipFileNotes, pipNotes } from './notes.ts';
import {
  channelNames,
  commandWord,
  headerComment,
  hostOf,
  isPlainRemote,
  simpleUrl,
  simpleUrlWithToken,
  userName,
} from './parts.ts';
import type { ExportFile, ExportInput, ExportPlace, Rendered, Tried } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.pip;

export const pipPlace: ExportPlace = {
  linux: '~/.config/pip/pip.conf',
  macos: says.macPlace,
  windows: '%APPDATA%\\pip\\pip.ini',
};
export const pipCheckCommand = 'python -m pip install --dry-run --ignore-installed --no-deps PACKAGE';

/** pip's commands that ask an index and may have a section of their own. */
const indexCommands = ['install', 'download', 'wheel', 'lock', 'index'] as const;

/** Hosts that pip must be told to trust over plain http; it accepts loopback addresses by itself. */
export function pipTrustedHost(input: ExportInput): string | undefined {
  if (!isPlainRemote(input)) return undefined;
  // pip adds the brackets of a bare IPv6 address itself; with them the INI writer would have to quote it.
  const host = hostOf(input);
  return host.includes(':') ? host : new URL(input.gatewayUrl).host;
}

/** The text of a pip.conf without its header. */
export function pipConfText(
  input: ExportInput,
  url: (channel: string) => string,
  more: Readonly<Record<string, string>> = {},
): string {
  const [first, ...others] = channelNames(input, 'pypi').map(url);
  const trusted = pipTrustedHost(input);
  const indexes = {
    'index-url': first,
    // pip splits the value at white space; an empty one takes back what a more general file says.
    'extra-index-url': others.join(' '),
    'find-links': '',
  };
  const global = {
    ...indexes,
    // A refused token must fail a build, not stop it at a prompt for a password.
    'no-input': true,
    ...(trusted === undefined ? {} : { 'trusted-host': trusted }),
    ...more,
  };
  const sections = { global, ...Object.fromEntries(indexCommands.map((name) => [name, indexes])) };
  return stringify(sections, { whitespace: true, platform: 'linux' }).replaceAll(/ = $/gm, ' =');
}

const tried: Tried = [clients.pip, clients.oldPip, clients.pipTools];

function pipFile(
  input: ExportInput,
  { url, holdsToken, more }: FileOptions,
  fileTried: Tried = tried,
): ExportFile {
  return {
    name: 'pip.conf',
    content:
      headerComment(input, says.configuration, fileTried, { holdsToken }) + pipConfText(input, url, more),
    containsSecret: holdsToken && input.secret !== undefined,
    language: 'ini',
  };
}
type FileOptions = {
  readonly url: (channel: string) => string;
  readonly holdsToken: boolean;
  readonly more?: Readonly<Record<string, string>>;
};

export function renderPipNetrc(input: ExportInput): Rendered {
  return {
    summary: says.summary,
    files: [
      pipFile(input, { url: (channel) => simpleUrl(input, channel), holdsToken: false }),
      netrcFile(input),
    ],
    where: [pipPlace, netrcPlace],
    checkCommand: pipCheckCommand,
    notes: [...pipFileNotes, ...pipNotes(input), ...netrcNotes],
    commands: [],
    tried,
    leaks: [],
  };
}

export function renderPipConf(input: ExportInput): Rendered {
  return {
    summary: says.summaryInUrl,
    files: [pipFile(input, { url: (channel) => simpleUrlWithToken(input, channel), holdsToken: true })],
    where: [pipPlace],
    checkCommand: pipCheckCommand,
    notes: [...pipFileNotes, ...pipNotes(input), says.compileCopies],
    commands: [],
    tried,
    leaks: [
      { how: 'stored', where: 'requirements.txt' },
      { how: 'printed', where: 'pip-compile' },
      { how: 'printed', where: 'pip config list' },
      { how: 'printed', where: 'pip config debug' },
    ],
  };
}

export function renderPipKeyring(input: ExportInput): Rendered {
  const keyringTried: Tried = [clients.pip, clients.keyring];
  // pip asks the keyring for the URL of the index first, then for its host: one entry for all channels.
  const service = commandWord(new URL(input.gatewayUrl).host);
  const url = (channel: string) => {
    const named = new URL(simpleUrl(input, channel));
    named.username = userName;
    return named.href;
  };
  return {
    summary: says.summaryKeyring,
    files: [
      pipFile(input, { url, holdsToken: false, more: { 'keyring-provider': 'subprocess' } }, keyringTried),
    ],
    where: [pipPlace],
    checkCommand: pipCheckCommand,
    notes: [...pipFileNotes, ...pipNotes(input), says.keyringProgram, says.compileUser],
    commands: [
      { title: says.installProgram, command: 'pipx install keyring' },
      {
        title: says.store,
        command: `keyring set ${service} ${userName}`,
      },
    ],
    tried: keyringTried,
    leaks: [],
  };
}
