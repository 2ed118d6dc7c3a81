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
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.variables;

const tried: Tried = [clients.pip, clients.uv, clients.conda];
const place = anywhere(says.place);

export function renderCiEnv(input: ExportInput): Rendered {
  const variables = [...clientVariables(input, 'with-token')];
  const hasConda = channelNames(input, 'conda').length > 0;
  const hasPypi = channelNames(input, 'pypi').length > 0;
  const header = headerComment(input, 'Variables', tried, { holdsToken: true });
  const hints = [
    says.behindProxy(noProxyLine(input)),
    ...(hasConda ? [says.rattlerFile(rattlerAuthFileName)] : []),
  ];
  return {
    summary: says.summary,
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
      says.mask,
      says.readers,
      says.gitlab,
      ...(hasPypi ? [says.shutOut, ...pipNotes(input)] : []),
      ...(hasConda ? condaNotes(input) : []),
    ],
    commands: [{ title: says.set, command: '. ./latchkey-env.sh' }],
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
