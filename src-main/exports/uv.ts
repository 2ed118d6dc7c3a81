import { stringify } from 'smol-toml';
import type { RenderedExport } from '../../shared/contract/views.ts';
import { comments, hasSecret, header, namesOf, plainHttpNote, pypiUrl, tokenOf, userName } from './parts.ts';
import type { ExportFormat } from './types.ts';

/** The name in UV_INDEX_<NAME>_PASSWORD: upper case, everything but letters and digits becomes `_`. */
const variableName = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, '_');

/** `uv.toml` with `[[index]]`; the first replaces the public index. */
export const uvToml: ExportFormat = {
  id: 'uv-toml',
  title: 'uv (uv.toml)',
  needs: 'pypi',
  render: (input): RenderedExport => {
    const names = namesOf(input, 'pypi');
    const content = stringify({
      index: names.map((name, index) => ({
        name,
        url: pypiUrl(input, name, true),
        // uv asks the default index last; without one it would ask the public index.
        ...(index === 0 ? { default: true } : {}),
        // A first request without credentials would look like "not found" (astral-sh/uv#3923).
        authenticate: 'always',
      })),
    });
    return {
      format: 'uv-toml',
      title: uvToml.title,
      summary: 'uv installs from your index, and not from the public one.',
      commands: [
        {
          title: 'Keep the token in uv’s own credential store instead (asks for it), and take it out of the URL below',
          command: names
            .map((name) => `uv auth login ${pypiUrl(input, name, false)} --username ${userName}`)
            .join('\n'),
        },
        {
          title: 'Or hand it over by environment variables, e.g. from a CI’s secret store',
          command: names
            .flatMap((name) => [
              `export UV_INDEX_${variableName(name)}_USERNAME=${userName}`,
              `export UV_INDEX_${variableName(name)}_PASSWORD="$LATCHKEY_TOKEN"`,
            ])
            .join('\n'),
        },
      ],
      files: [
        {
          name: 'uv.toml',
          content: comments(header(input, 'Configuration for uv, written')) + content,
          containsSecret: hasSecret(input),
          language: 'toml',
        },
      ],
      where: [
        {
          linux: '~/.config/uv/uv.toml',
          macos: '~/.config/uv/uv.toml',
          windows: '%APPDATA%\\uv\\uv.toml',
        },
      ],
      checkCommand: 'uv pip install --dry-run <a package of yours>',
      notes: [
        'A project’s own [[index]] entries in pyproject.toml come first.',
        'UV_CONFIG_FILE=<path> makes uv read it from another place.',
        'Credentials in the URL win over .netrc (astral-sh/uv#2323).',
        ...(tokenOf(input) === input.secret ? [] : ['Without the token in the URL, one of the commands above supplies it.']),
        ...plainHttpNote(input),
      ],
    };
  },
};
