import { stringify } from 'yaml';
import type { RenderedExport } from '../../shared/contract/views.ts';
import { comments, condaUrl, hasSecret, header, namesOf, plainHttpNote, tokenOf } from './parts.ts';
import type { ExportFormat, ExportInput } from './types.ts';

/**
 * `.condarc`. Full URLs in `channels` and `default_channels`, and a `channel_alias` that carries the token too: conda
 * 23.10 lost a token of `default_channels` for the packages themselves (conda/conda#13296), so each place is complete.
 */
export const condarc: ExportFormat = {
  id: 'condarc',
  title: 'conda (.condarc)',
  needs: 'conda',
  render: (input: ExportInput): RenderedExport => {
    const channels = namesOf(input, 'conda').map((name) => condaUrl(input, name, true));
    const content = stringify({
      channels,
      // Otherwise `defaults` means the vendor's public channels, past the gateway.
      default_channels: channels,
      // A bare channel name (`conda install -c name …`) goes to the gateway too.
      channel_alias: `${input.gatewayUrl}/conda/t/${tokenOf(input)}`,
      channel_priority: 'strict',
      show_channel_urls: true,
    });
    return {
      format: 'condarc',
      title: condarc.title,
      summary: 'conda and mamba install from your channels, and from nowhere else.',
      commands: [],
      files: [
        {
          name: '.condarc',
          content: comments(header(input, 'Configuration for conda, written')) + content,
          containsSecret: hasSecret(input),
          language: 'yaml',
        },
      ],
      where: [
        {
          linux: '~/.condarc',
          macos: '~/.condarc',
          windows: '%USERPROFILE%\\.condarc',
        },
      ],
      checkCommand: `conda search --override-channels -c ${namesOf(input, 'conda')[0] ?? ''} "*"`,
      notes: [
        'conda puts the token into the URLs that it asks for and hides it in what it prints; a proxy before the gateway logs it.',
        'conda 23.10 and later are meant; older ones were not tried.',
        ...plainHttpNote(input),
      ],
    };
  },
};
