/**
 * Databricks: the token is a secret of a scope, which the cluster hands to an init script as a variable; the script
 * writes settings without a secret, and a netrc file beside them.
 */
import { notRun } from './clients.ts';
import { anywhere, channelNames, headerComment, openFile, simpleUrl } from './parts.ts';
import { pipConfText } from './pip.ts';
import { condarcText } from './condarc.ts';
import { placeCheckCommand, placeNotes, tokenVariable, writeNetrcLines } from './sign-in.ts';
import type { ExportInput, Rendered } from './types.ts';

const scope = 'latchkey';
const key = 'token';
const folder = '/etc/latchkey';

export function renderDatabricks(input: ExportInput): Rendered {
  const hasPypi = channelNames(input, 'pypi').length > 0;
  const hasConda = channelNames(input, 'conda').length > 0;
  const script = [
    '#!/bin/sh',
    headerComment(input, 'Init script of a cluster', notRun).trimEnd(),
    'set -eu',
    `DIR="\${LATCHKEY_DIR:-${folder}}"`,
    'mkdir -p "$DIR"',
    ...(hasPypi
      ? heredoc(
          '"$DIR/pip.conf"',
          pipConfText(input, (name) => simpleUrl(input, name)),
        )
      : []),
    ...(hasConda ? heredoc('"$DIR/condarc"', condarcText(input, 'without-token')) : []),
    ...writeNetrcLines(input, '"$DIR/netrc"'),
    '# Every user of the cluster runs code there, and so may use the token.',
    'chmod 644 "$DIR/netrc"',
    '',
  ].join('\n');
  const variables = [
    `${tokenVariable}={{secrets/${scope}/${key}}}`,
    `NETRC=${folder}/netrc`,
    ...(hasPypi ? [`PIP_CONFIG_FILE=${folder}/pip.conf`] : []),
    ...(hasConda ? [`CONDARC=${folder}/condarc`] : []),
    '',
  ].join('\n');
  return {
    summary: 'The token in a secret scope; an init script of the cluster writes settings and netrc.',
    files: [
      openFile({ name: 'latchkey-init.sh', content: script, language: 'shell' }),
      openFile({ name: 'cluster-variables.env', content: variables, language: 'env' }),
    ],
    where: [
      anywhere('a workspace file or a volume, named under "Init scripts" of the cluster'),
      anywhere('"Environment variables" of the cluster, under Advanced options, Spark'),
    ],
    checkCommand: placeCheckCommand(input),
    notes: [
      'Databricks puts the secret into the variable when the cluster starts; a rotated token needs a restart.',
      'Databricks hides the value of a secret in the output of notebooks, but code on the cluster can read it.',
      ...placeNotes(input),
    ],
    commands: [
      {
        title: 'Make the scope and store the token (asks for it)',
        command: `databricks secrets create-scope ${scope} && databricks secrets put-secret ${scope} ${key}`,
      },
    ],
    tried: notRun,
    leaks: [
      { how: 'stored', where: `${folder}/netrc` },
      { how: 'printed', where: 'env' },
    ],
  };
}

/** The text as a file, by any POSIX shell. The quoted word keeps the shell from reading the text. */
export function heredoc(path: string, text: string): readonly string[] {
  return [`cat > ${path} <<'LATCHKEY_END'`, text.trimEnd(), 'LATCHKEY_END'];
}
