import { stringify } from 'smol-toml';
import type { RenderedExport } from '../../shared/contract/views.ts';
import { comments, condaUrl, hasSecret, header, hostOf, hostNameOf, namesOf, plainHttpNote, tokenOf } from './parts.ts';
import type { ExportFormat } from './types.ts';

/** The authentication file of rattler, pixi and rattler-build, with the channels for pixi beside it. */
export const rattlerAuth: ExportFormat = {
  id: 'rattler-auth',
  title: 'pixi and rattler',
  needs: 'conda',
  render: (input): RenderedExport => {
    const channels = namesOf(input, 'conda').map((name) => condaUrl(input, name, false));
    return {
      format: 'rattler-auth',
      title: rattlerAuth.title,
      summary: 'pixi, rattler and rattler-build sign in at the gateway’s host; channel URLs stay free of the token.',
      commands: [
        {
          title: 'Keep the token in the operating system’s keychain instead of a file',
          command: `pixi auth login ${hostOf(input)} --conda-token "$LATCHKEY_TOKEN"`,
        },
      ],
      files: [
        {
          name: 'credentials.json',
          // By host name: rattler looks up the URL's host, without the port.
          content: `${JSON.stringify({ [hostNameOf(input)]: { CondaToken: tokenOf(input) } }, undefined, 2)}\n`,
          containsSecret: hasSecret(input),
          language: 'json',
        },
        {
          name: 'pixi-config.toml',
          content:
            comments(header({ ...input, secret: undefined }, 'Channels for pixi, written').slice(0, 2)) +
            stringify({ 'default-channels': channels }),
          containsSecret: false,
          language: 'toml',
        },
      ],
      where: [
        {
          linux: '~/.rattler/credentials.json, or any place with RATTLER_AUTH_FILE=<path>',
          macos: '~/.rattler/credentials.json, or any place with RATTLER_AUTH_FILE=<path>',
          windows: '%USERPROFILE%\\.rattler\\credentials.json, or any place with RATTLER_AUTH_FILE=<path>',
        },
        {
          linux: '~/.config/pixi/config.toml',
          macos: '~/.config/pixi/config.toml',
          windows: '%APPDATA%\\pixi\\config.toml',
        },
      ],
      checkCommand: `pixi search --channel ${channels[0] ?? ''} "*"`,
      notes: [
        'One entry serves all channels of this gateway host. Merge it into a file that is there already.',
        'rattler puts the token into the URLs that it asks for; a proxy before the gateway logs it.',
        ...plainHttpNote(input),
      ],
    };
  },
};
