/** GitLab CI: the token is a masked variable; a step of the job writes it into a file outside the checkout. */
import { stringify } from 'yaml';
import { notRun } from './clients.ts';
import { anywhere, headerComment, openFile } from './parts.ts';
import { openVariables, placeCheckCommand, placeNotes, tokenVariable, writeNetrcLines } from './sign-in.ts';
import type { ExportInput, Rendered } from './types.ts';

export function renderGitlab(input: ExportInput): Rendered {
  const pipeline = {
    variables: openVariables(input),
    default: {
      before_script: [
        // One shell runs before_script and script, so the variable stays.
        'export NETRC="$(mktemp)"',
        ...writeNetrcLines(input, '"$NETRC"'),
      ],
      after_script: ['rm -f "${NETRC:-}"'],
    },
    install: { script: [placeCheckCommand(input)] },
  };
  const content =
    headerComment(input, 'GitLab CI jobs', notRun) +
    stringify(pipeline, { lineWidth: 0, compat: 'yaml-1.1' });
  return {
    summary: 'Jobs without a secret; the token is a masked variable of the project or group.',
    files: [openFile({ name: '.gitlab-ci.yml', content, language: 'yaml' })],
    where: [anywhere('the root of the repository, merged into its .gitlab-ci.yml')],
    checkCommand: placeCheckCommand(input),
    notes: [
      `Add the variable ${tokenVariable} under Settings, CI/CD, Variables: visibility "masked and hidden", protected where only protected branches may install.`,
      'after_script runs in a shell of its own, which does not know NETRC; the container of the job is thrown away with the file. On a shell executor remove the file yourself.',
      ...placeNotes(input),
    ],
    commands: [
      {
        title: 'Store the token as a masked variable (bash or zsh; paste the token, it is not shown)',
        command: `read -rs TOKEN && printf %s "$TOKEN" | glab variable set ${tokenVariable} --masked; unset TOKEN`,
      },
    ],
    tried: notRun,
    leaks: [],
  };
}
