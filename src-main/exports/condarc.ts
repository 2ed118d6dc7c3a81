/**
 * `.condarc` for conda and mamba. The token stands in `channel_alias`, from where conda puts it into the URLs of both
 * indexes and packages; in `default_channels` alone it gets lost for the packages (conda/conda#13296). conda compares
 * a full URL without its `/t/<token>` with the alias, so that the URLs of `default_channels` get it back the same way.
 */
import { stringify } from 'yaml';
import { channelNames, commonNotes, condaAlias, condaUrlWithToken, headerComment } from './parts.ts';
import type { ExportInput, RenderedExport } from './types.ts';

/** Names that conda does not look up at the alias: they get their whole URL. */
const namesWithAMeaning = new Set(['defaults', 'local', 'nodefaults']);

/** What conda's `channels` says for a channel: the short name that people know from `conda list`, where it works. */
export function condaChannelEntry(input: ExportInput, channel: string): string {
  return namesWithAMeaning.has(channel) ? condaUrlWithToken(input, channel) : channel;
}

export function renderCondarc(input: ExportInput): RenderedExport {
  const names = channelNames(input, 'conda');
  const settings = {
    channel_alias: condaAlias(input),
    channels: names.map((name) => condaChannelEntry(input, name)),
    // Without this, `defaults` (in an environment.yml, or with -c) would still mean the public servers.
    default_channels: names.map((name) => condaUrlWithToken(input, name)),
    // conda calls every channel of default_channels "defaults"; the URL says which one it was.
    show_channel_urls: true,
  };
  // conda reads YAML 1.1, where a channel named `no` or `1_000` would not be text.
  const body = stringify(settings, { lineWidth: 0, compat: 'yaml-1.1' });
  const content = headerComment(input, 'conda configuration', ['rattler']) + body;
  return {
    format: 'condarc',
    title: 'conda and mamba: .condarc',
    summary: 'Sends every channel name, and "defaults", to the gateway.',
    files: [{ name: '.condarc', content, containsSecret: input.secret !== undefined, language: 'yaml' }],
    where: [{ linux: '~/.condarc', macos: '~/.condarc', windows: '%USERPROFILE%\\.condarc' }],
    checkCommand: 'conda install --dry-run PACKAGE',
    notes: [
      ...commonNotes(input),
      'conda joins the channel lists of all its configuration files. "conda config --show-sources" lists them; remove public channels from the others.',
      'conda prints channel URLs in some messages and in "conda config --show". Do not paste such output where others can read it.',
    ],
    commands: [],
  };
}
