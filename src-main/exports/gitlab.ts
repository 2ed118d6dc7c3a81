/** GitLab CI: the token is a masked variable; a step of the job writes it into a file outside the checkout. */
import { stringify } from 'yaml';
import { notRun } from './clients.ts';
import { anywhere, headerComment, openFile } from './parts.ts';
import { openVariables, placeCheckCommand, placeNotes, tokenVariable, writeNetrcLines } from './sign-in.ts';
import type { ExportInput, Rendered } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.gitlab;

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
    headerComment(input, says.jobs, notRun) + stringify(pipeline, { lineWidth: 0, compat: 'yaml-1.1' });
  return {
    summary: says.summary,
    files: [openFile({ name: '.gitlab-ci.yml', content, language: 'yaml' })],
    where: [anywhere(says.place)],
    checkCommand: placeCheckCommand(input),
    notes: [says.addVariable(tokenVariable), says.afterScript, ...placeNotes(input)],
    commands: [
      {
        title: says.store,
        command: `read -rs TOKEN && printf %s "$TOKEN" | glab variable set ${tokenVariable} --masked; unset TOKEN`,
      },
    ],
    tried: notRun,
    leaks: [],
  };
}
