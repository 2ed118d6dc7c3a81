/**
 * Jenkins: the token is a "secret text" of the credentials store. Strings stand in single quotes, which Groovy does not
 * interpolate, so that the token reaches the shell as a variable and no command line holds it.
 */
import { notRun } from './clients.ts';
import { anywhere, headerComment, openFile } from './parts.ts';
import { openVariables, placeCheckCommand, placeNotes, tokenVariable, writeNetrcLines } from './sign-in.ts';
import type { ExportInput, Rendered } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.jenkins;

const credentialsId = 'latchkey-token';

export function renderJenkins(input: ExportInput): Rendered {
  const variables = Object.entries(openVariables(input)).map(
    ([name, value]) => `    ${name} = ${groovyText(value)}`,
  );
  const script = [...writeNetrcLines(input, '"$NETRC"'), placeCheckCommand(input)].map(
    (line) => `            ${groovyEscape(line)}`,
  );
  const content = `${headerComment(input, 'Jenkinsfile', notRun, { mark: '//' })}pipeline {
  agent any
  environment {
${variables.join('\n')}
  }
  stages {
    stage('Install') {
      steps {
        withCredentials([string(credentialsId: '${credentialsId}', variable: '${tokenVariable}')]) {
          sh '''
            set +x
            export NETRC="$WORKSPACE_TMP/latchkey.netrc"
            mkdir -p "$WORKSPACE_TMP"
            trap 'rm -f "$NETRC"' EXIT
${script.join('\n')}
          '''
        }
      }
    }
  }
}
`;
  return {
    summary: says.summary,
    files: [openFile({ name: 'Jenkinsfile', content, language: 'groovy' })],
    where: [anywhere(says.place)],
    checkCommand: placeCheckCommand(input),
    notes: [says.addCredential(credentialsId), says.fileRemoved, ...placeNotes(input)],
    commands: [],
    tried: notRun,
    leaks: [],
  };
}

/** Backslash and quote mean something between single quotes of Groovy, one or three. */
function groovyEscape(text: string): string {
  return text.replaceAll('\\', '\\\\');
}

function groovyText(text: string): string {
  return `'${groovyEscape(text).replaceAll("'", "\\'")}'`;
}
