/**
 * `.condarc` for conda and mamba, without the token (it stands in `.netrc`) or with it in `channel_alias`, from where
 * conda puts it into the URLs of both indexes and packages. Channels stand in `channels` only: conda labels each channel
 * of `default_channels` as `defaults`, takes equal builds of two of them for the same, and has installed the public
 * package instead of the internal one. An empty `default_channels` keeps `defaults` from meaning the public servers.
 */
import { stringify } from 'yaml';
import { clients } from './clients.ts';
import { netrcFile, netrcPlace } from './netrc.ts';
import { condaNotes, netrcNotes } from './notes.ts';
import {
  channelNames,
  condaAlias,
  condaUrl,
  condaUrlWithToken,
  headerComment,
  openFile,
  secretFile,
} from './parts.ts';
import type { ExportInput, ExportPlace, Rendered, Tried } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.conda;

/** Names that conda does not look up at the alias: they get their whole URL. */
const namesWithAMeaning = new Set(['defaults', 'local', 'nodefaults']);

/** What conda's `channels` says for a channel: the short name that people know from `conda list`, where it works. */
function channelEntry(channel: string, url: (channel: string) => string): string {
  return namesWithAMeaning.has(channel) ? url(channel) : channel;
}

/** conda's settings, in the order in which they are written. */
export function condaSettings(
  input: ExportInput,
  kind: 'with-token' | 'without-token',
): Readonly<Record<string, string | boolean | readonly string[]>> {
  const withToken = kind === 'with-token';
  const url = (name: string) => (withToken ? condaUrlWithToken(input, name) : condaUrl(input, name));
  return {
    channel_alias: withToken ? condaAlias(input) : `${input.gatewayUrl}/conda`,
    channels: channelNames(input, 'conda').map((name) => channelEntry(name, url)),
    default_channels: [],
    // The URL says from which channel a package came, whatever the other files call it.
    show_channel_urls: true,
  };
}

/** conda reads YAML 1.1, where a channel named `no` or `1_000` would not be text. */
export function condarcText(input: ExportInput, kind: 'with-token' | 'without-token'): string {
  return stringify(condaSettings(input, kind), { lineWidth: 0, compat: 'yaml-1.1' });
}

export const condarcPlace: ExportPlace = {
  linux: '~/.condarc',
  macos: '~/.condarc',
  windows: '%USERPROFILE%\\.condarc',
};
const tried: Tried = [clients.conda, clients.rattler];
const checkCommand = 'conda install --dry-run PACKAGE';

export function renderCondaNetrc(input: ExportInput): Rendered {
  const content = headerComment(input, says.configuration, tried) + condarcText(input, 'without-token');
  return {
    summary: says.summary,
    files: [openFile({ name: '.condarc', content, language: 'yaml' }), netrcFile(input)],
    where: [condarcPlace, netrcPlace],
    checkCommand,
    notes: [...condaNotes(input), ...netrcNotes],
    commands: [],
    tried,
    leaks: [],
  };
}

export function renderCondarc(input: ExportInput): Rendered {
  const header = headerComment(input, says.configuration, tried, { holdsToken: true });
  const content = header + condarcText(input, 'with-token');
  return {
    summary: says.summaryInFile,
    files: [secretFile(input, { name: '.condarc', content, language: 'yaml' })],
    where: [condarcPlace],
    checkCommand,
    notes: [...condaNotes(input), says.notices, says.doNotPaste],
    commands: [],
    tried,
    leaks: [
      { how: 'stored', where: 'pkgs/urls.txt' },
      { how: 'stored', where: 'repodata_record.json' },
      { how: 'stored', where: 'pkgs/cache/*.info.json' },
      { how: 'printed', where: 'conda config --show-sources' },
      { how: 'printed', where: 'conda search --info' },
      { how: 'printed', where: says.explicit },
    ],
  };
}
