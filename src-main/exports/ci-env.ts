/**
 * Environment variables for CI: the same settings for pip, uv and conda as a file to source in a shell and as a `.env`
 * file, whose readers take everything after the `=` as it is. GitLab's reader takes neither comments nor blank lines.
 */
import { clients } from './clients.ts';
import { condaNotes, noProxyLine, pipNotes } from './notes.ts';
import { anywhere, channelNames, headerComment, secretFile } from './parts.ts';
import { pipCheckCommand } from './pip.ts';
import { rattlerAuthFileName } from './rattler.ts';
import { shellQuote } from './shell-quote.ts';
import type { ExportInput, Rendered, Tried } from './types.ts';
import { clientVariables } from './variables.ts';

const tried: Tried = [clients.pip, clients.uv, clients.conda];
const place = anywhere('the secret store of the CI system, or a file that only the job can read');

export function renderCiEnv(input: ExportInput): Rendered {
  const variables = [...clientVariables(input, 'with-token')];
  const hasConda = channelNames(input, 'conda').length > 0;
  const hasPypi = channelNames(input, 'pypi').length > 0;
  const header = headerComment(input, 'Variables', tried, { holdsToken: true });
  const hints = [
    `# Behind a proxy: export ${noProxyLine(input)}`,
    ...(hasConda
      ? [
          `# rattler and pixi take the token from a file (see their export): export RATTLER_AUTH_FILE=/path/to/${rattlerAuthFileName}`,
        ]
      : []),
  ];
  return {
    summary: 'Settings for pip, uv and conda without any file in the image, the token in their values.',
    files: [
      secretFile(input, {
        name: 'latchkey-env.sh',
        content: `${header}${variables.map(([name, value]) => `export ${name}=${shellQuote(value)}\n`).join('')}${hints.join('\n')}\n`,
        language: 'shell',
      }),
      secretFile(input, {
        name: 'latchkey.env',
        content: variables.map(([name, value]) => `${name}=${value}\n`).join(''),
        language: 'env',
      }),
    ],
    where: [place, place],
    checkCommand: hasPypi ? pipCheckCommand : 'conda install --dry-run PACKAGE',
    notes: [
      'Mark the variables as masked or protected: CI systems print the environment when a job is debugged.',
      'latchkey.env holds only NAME=value lines, for "docker run --env-file", GitLab’s dotenv reports and other readers; in a shell, source latchkey-env.sh.',
      'A dotenv report of GitLab is an artifact: who can download those of the job gets the token, and more than 20 variables or 5 KB are refused. Use the export for GitLab there.',
      ...(hasPypi
        ? [
            'PIP_CONFIG_FILE=/dev/null shuts out every pip.conf of the computer (on Windows: nul): without it an index of such a file is asked past the gateway. UV_NO_CONFIG=1 does the same for uv, with the [tool.uv] of the project too.',
            ...pipNotes(input),
          ]
        : []),
      ...(hasConda ? condaNotes(input) : []),
    ],
    commands: [{ title: 'Set the variables in a shell', command: '. ./latchkey-env.sh' }],
    tried,
    leaks: [
      { how: 'printed', where: 'env' },
      ...(hasPypi
        ? ([
            { how: 'stored', where: 'requirements.txt' },
            { how: 'printed', where: 'pip-compile' },
            { how: 'printed', where: 'pip config list' },
            { how: 'printed', where: 'pip config debug' },
          ] as const)
        : []),
      ...(hasConda
        ? ([
            { how: 'stored', where: 'pkgs/urls.txt' },
            { how: 'stored', where: 'repodata_record.json' },
            { how: 'stored', where: 'pkgs/cache/*.info.json' },
            { how: 'printed', where: 'conda config --show-sources' },
            { how: 'printed', where: 'conda search --info' },
          ] as const)
        : []),
    ],
  };
}
