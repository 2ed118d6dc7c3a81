/**
 * Databricks: the token is a secret of a scope, which the cluster hands to an init script as a variable; the script
 * writes settings without a secret, and a netrc file beside them.
 */
import { notRun } from './clients.ts';
import { openSettings, settingsLines } from './open-settings.ts';
import { anywhere, headerComment, openFile } from './parts.ts';
import { placeCheckCommand, placeNotes, tokenVariable, writeNetrcLines } from './sign-in.ts';
import type { ExportInput, Rendered } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.databricks;

const scope = 'latchkey';
const key = 'token';
const folder = '/etc/latchkey';
/** The variable by which each client finds its file. */
const namedBy = {
  pip: `PIP_CONFIG_FILE=${folder}/pip.conf`,
  uv: `UV_CONFIG_FILE=${folder}/uv.toml`,
  conda: `CONDARC=${folder}/condarc`,
} as const;

export function renderDatabricks(input: ExportInput): Rendered {
  const script = [
    '#!/bin/sh',
    headerComment(input, says.script, notRun).trimEnd(),
    'set -eu',
    `DIR="\${LATCHKEY_DIR:-${folder}}"`,
    ...settingsLines(input, {
      pip: '"$DIR/pip.conf"',
      uv: '"$DIR/uv.toml"',
      conda: '"$DIR/condarc"',
    }),
    ...writeNetrcLines(input, '"$DIR/netrc"'),
    says.everyUser,
    'chmod 644 "$DIR/netrc"',
    '',
  ].join('\n');
  const variables = [
    `${tokenVariable}={{secrets/${scope}/${key}}}`,
    `NETRC=${folder}/netrc`,
    ...openSettings(input).map(({ client }) => namedBy[client]),
    '',
  ].join('\n');
  return {
    summary: says.summary,
    files: [
      openFile({ name: 'latchkey-init.sh', content: script, language: 'shell' }),
      openFile({ name: 'cluster-variables.env', content: variables, language: 'env' }),
    ],
    where: [anywhere(says.place), anywhere(says.variables)],
    checkCommand: placeCheckCommand(input),
    notes: [says.restart, says.hides, ...placeNotes(input)],
    commands: [
      {
        title: says.store,
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
