/** Azure DevOps: the token is a secret variable, which reaches a step only where the step maps it. */
import { stringify } from 'yaml';
import { notRun } from './clients.ts';
import { anywhere, headerComment, openFile } from './parts.ts';
import { openVariables, placeCheckCommand, placeNotes, tokenVariable, writeNetrcLines } from './sign-in.ts';
import type { ExportInput, Rendered } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.azure;

export function renderAzureDevops(input: ExportInput): Rendered {
  const script = [
    ...writeNetrcLines(input, '"$AGENT_TEMPDIRECTORY/latchkey.netrc"'),
    `echo "##vso[task.setvariable variable=NETRC]$AGENT_TEMPDIRECTORY/latchkey.netrc"`,
    '',
  ].join('\n');
  const pipeline = {
    pool: { vmImage: 'ubuntu-latest' },
    variables: openVariables(input),
    steps: [
      {
        bash: script,
        displayName: 'Sign in at the package gateway',
        // A secret variable is in no step's environment unless the step maps it.
        env: { [tokenVariable]: `$(${tokenVariable})` },
      },
      { bash: `${placeCheckCommand(input)}\n`, displayName: 'Install' },
    ],
  };
  const content =
    headerComment(input, says.pipeline, notRun) + stringify(pipeline, { lineWidth: 0, compat: 'yaml-1.1' });
  return {
    summary: says.summary,
    files: [openFile({ name: 'azure-pipelines.yml', content, language: 'yaml' })],
    where: [anywhere(says.place)],
    checkCommand: placeCheckCommand(input),
    notes: [says.addVariable(tokenVariable), says.forks, ...placeNotes(input)],
    commands: [
      {
        title: says.store,
        command: `read -rs TOKEN && AZURE_DEVOPS_EXT_PIPELINE_VAR_${tokenVariable}="$TOKEN" az pipelines variable create --name ${tokenVariable} --secret true --pipeline-name NAME; unset TOKEN`,
      },
    ],
    tried: notRun,
    leaks: [{ how: 'stored', where: 'latchkey.netrc' }],
  };
}
