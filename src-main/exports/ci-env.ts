import type { RenderedExport } from '../../shared/contract/views.ts';
import { comments, condaUrl, everywhere, hasSecret, header, namesOf, plainHttpNote, pypiUrl } from './parts.ts';
import type { ExportFormat, ExportInput } from './types.ts';

/** Variables by name, for pip, uv and conda; what a CI's secret store is fed with. */
function variables(input: ExportInput): readonly (readonly [string, string])[] {
  const [index, ...extra] = namesOf(input, 'pypi').map((name) => pypiUrl(input, name, true));
  const conda = namesOf(input, 'conda').map((name) => condaUrl(input, name, true));
  return [
    ...(index === undefined
      ? []
      : ([
          ['PIP_INDEX_URL', index],
          ...(extra.length === 0 ? [] : [['PIP_EXTRA_INDEX_URL', extra.join(' ')] as const]),
          ['PIP_NO_INPUT', '1'],
          ['UV_DEFAULT_INDEX', index],
          ...(extra.length === 0 ? [] : [['UV_INDEX', extra.join(' ')] as const]),
        ] as const)),
    ...(conda.length === 0
      ? []
      : ([
          ['CONDA_CHANNELS', conda.join(',')],
          ['CONDA_CHANNEL_PRIORITY', 'strict'],
        ] as const)),
  ];
}

/** POSIX quoting: within single quotes nothing is special but the quote itself. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Environment variables for CI, as a file to source and as `NAME=value` lines. */
export const ciEnv: ExportFormat = {
  id: 'env',
  title: 'CI (environment)',
  needs: 'any',
  render: (input): RenderedExport => {
    const pairs = variables(input);
    return {
      format: 'env',
      title: ciEnv.title,
      summary: 'Environment variables for a CI job or a container build.',
      commands: [],
      files: [
        {
          name: 'latchkey.sh',
          content:
            comments(header(input, 'Environment for CI, written')) +
            pairs.map(([name, value]) => `export ${name}=${shellQuote(value)}\n`).join(''),
          containsSecret: hasSecret(input),
          language: 'shell',
        },
        {
          name: 'latchkey.env',
          // No quotes and no comments: docker's --env-file and most CIs take a line as it is.
          content: pairs.map(([name, value]) => `${name}=${value}\n`).join(''),
          containsSecret: hasSecret(input),
          language: 'text',
        },
      ],
      where: [
        everywhere('Source it in the job: . ./latchkey.sh'),
        everywhere('The CI’s secret variables, or docker run --env-file latchkey.env'),
      ],
      checkCommand: 'pip config debug',
      notes: [
        'Mark the variables as secret in the CI, so that it masks them in its logs.',
        'Environment variables win over pip.conf, uv.toml and .condarc.',
        ...plainHttpNote(input),
      ],
    };
  },
};
