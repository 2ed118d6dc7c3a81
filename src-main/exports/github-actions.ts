/** GitHub Actions: the token is a secret of the repository; a step writes it into a file outside the checkout. */
import { stringify } from 'yaml';
import { notRun } from './clients.ts';
import { anywhere, headerComment, openFile } from './parts.ts';
import { openVariables, placeCheckCommand, placeNotes, tokenVariable, writeNetrcLines } from './sign-in.ts';
import type { ExportInput, Rendered } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.github;

export function renderGithubActions(input: ExportInput): Rendered {
  const run = [
    ...writeNetrcLines(input, '"$RUNNER_TEMP/latchkey.netrc"'),
    `echo "NETRC=$RUNNER_TEMP/latchkey.netrc" >> "$GITHUB_ENV"`,
    '',
  ].join('\n');
  const workflow = {
    name: 'install',
    on: ['push'],
    // The job needs no more of GitHub than its checkout.
    permissions: { contents: 'read' },
    env: openVariables(input),
    jobs: {
      install: {
        'runs-on': 'ubuntu-latest',
        steps: [
          { uses: 'actions/checkout@v5' },
          {
            name: 'Sign in at the package gateway',
            shell: 'bash',
            env: { [tokenVariable]: `\${{ secrets.${tokenVariable} }}` },
            run,
          },
          { name: 'Install', run: `${placeCheckCommand(input)}\n` },
        ],
      },
    },
  };
  const content =
    headerComment(input, says.workflow, notRun) + stringify(workflow, { lineWidth: 0, compat: 'yaml-1.1' });
  return {
    summary: says.summary,
    files: [openFile({ name: 'install.yml', content, language: 'yaml' })],
    where: [anywhere(says.place)],
    checkCommand: placeCheckCommand(input),
    notes: [says.forks, says.hides, ...placeNotes(input)],
    commands: [{ title: says.store, command: `gh secret set ${tokenVariable}` }],
    tried: notRun,
    leaks: [{ how: 'stored', where: 'latchkey.netrc' }],
  };
}
