import { stringify } from 'ini';
import type { RenderedExport } from '../../shared/contract/views.ts';
import { netrcFile, netrcPlace } from './netrc.ts';
import { comments, hasSecret, header, hostNameOf, isPlainHttp, namesOf, plainHttpNote, pypiUrl } from './parts.ts';
import type { ExportFormat, ExportInput } from './types.ts';

const where = {
  linux: '~/.config/pip/pip.conf',
  macos: '~/.config/pip/pip.conf (or ~/Library/Application Support/pip/pip.conf where that folder exists)',
  windows: '%APPDATA%\\pip\\pip.ini',
};
const summary = 'pip installs from your index, and not from the public one.';

/** The settings that pip reads; pip takes values as they are, without interpolation. */
function pipSettings(input: ExportInput, withToken: boolean): string {
  const [first, ...rest] = namesOf(input, 'pypi').map((name) => pypiUrl(input, name, withToken));
  return stringify(
    {
      global: {
        'index-url': first,
        ...(rest.length === 0 ? {} : { 'extra-index-url': rest.join(' ') }),
        // A refused token must fail, not wait for a password that nobody types.
        'no-input': 'true',
        ...(isPlainHttp(input) ? { 'trusted-host': hostNameOf(input) } : {}),
      },
    },
    { whitespace: true },
  );
}

/** `pip.conf`, on Windows `pip.ini`, with the token in the index URL. */
export const pipConf: ExportFormat = {
  id: 'pip-conf',
  title: 'pip (pip.conf)',
  needs: 'pypi',
  render: (input): RenderedExport => ({
    format: 'pip-conf',
    title: pipConf.title,
    summary,
    commands: [],
    files: [
      {
        name: 'pip.conf',
        content: comments(header(input, 'Configuration for pip, written')) + pipSettings(input, true),
        containsSecret: hasSecret(input),
        language: 'ini',
      },
    ],
    where: [where],
    checkCommand: 'pip config debug && pip download --no-deps --dest . <a package of yours>',
    notes: [
      'On Windows the file is called pip.ini.',
      'PIP_CONFIG_FILE=<path> makes pip read it from another place.',
      'Environment variables (PIP_INDEX_URL, …) win over the file: check `pip config debug`.',
      ...plainHttpNote(input),
    ],
  }),
};

/** The same without the secret, which goes into `.netrc`. */
export const pipNetrc: ExportFormat = {
  id: 'pip-netrc',
  title: 'pip with .netrc',
  needs: 'pypi',
  render: (input): RenderedExport => ({
    format: 'pip-netrc',
    title: pipNetrc.title,
    summary: `${summary} The token stands in .netrc, so pip.conf can be shared.`,
    commands: [],
    files: [
      {
        name: 'pip.conf',
        content:
          comments(header({ ...input, secret: undefined }, 'Configuration for pip, written').slice(0, 2)) +
          pipSettings(input, false),
        containsSecret: false,
        language: 'ini',
      },
      netrcFile(input),
    ],
    where: [where, netrcPlace],
    checkCommand: 'pip download --no-deps --dest . <a package of yours>',
    notes: [
      'Credentials in an index URL (pip.conf, PIP_INDEX_URL) win over .netrc. Remove old ones, or the old token is sent.',
      '.netrc is per host name, whatever the port: one token per gateway host.',
      ...plainHttpNote(input),
    ],
  }),
};
