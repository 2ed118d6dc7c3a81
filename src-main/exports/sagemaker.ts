/** SageMaker: a lifecycle script takes the token from Secrets Manager each time that a notebook instance starts. */
import { notRun } from './clients.ts';
import { settingsLines } from './open-settings.ts';
import { anywhere, channelNames, headerComment, openFile } from './parts.ts';
import { placeCheckCommand, placeNotes, tokenVariable, writeNetrcLines } from './sign-in.ts';
import type { ExportInput, Rendered } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.sagemaker;

const secretId = 'latchkey-token';

export function renderSagemaker(input: ExportInput): Rendered {
  const hasPypi = channelNames(input, 'pypi').length > 0;
  const hasConda = channelNames(input, 'conda').length > 0;
  const script = [
    '#!/bin/sh',
    headerComment(input, says.script, notRun).trimEnd(),
    'set -eu',
    'HOME_DIR="${LATCHKEY_HOME:-/home/ec2-user}"',
    `${tokenVariable}="$(aws secretsmanager get-secret-value --secret-id ${secretId} --query SecretString --output text)"`,
    ...writeNetrcLines(input, '"$HOME_DIR/.netrc"'),
    ...settingsLines(input, {
      pip: '"$HOME_DIR/.config/pip/pip.conf"',
      uv: '"$HOME_DIR/.config/uv/uv.toml"',
      conda: '"$HOME_DIR/.condarc"',
    }),
    says.asRoot,
    'OWNER="$(stat -c %u:%g "$HOME_DIR")"',
    `chown -R "$OWNER" "$HOME_DIR/.netrc"${hasPypi ? ' "$HOME_DIR/.config"' : ''}${hasConda ? ' "$HOME_DIR/.condarc"' : ''}`,
    '',
  ].join('\n');
  return {
    summary: says.summary,
    files: [openFile({ name: 'on-start.sh', content: script, language: 'shell' })],
    where: [anywhere(says.place)],
    checkCommand: placeCheckCommand(input),
    notes: [says.role(secretId), says.studio, ...placeNotes(input)],
    commands: [
      {
        title: says.store,
        command: `(umask 077; read -rs TOKEN; F=$(mktemp); printf %s "$TOKEN" > "$F"; aws secretsmanager create-secret --name ${secretId} --secret-string "file://$F"; rm -f "$F")`,
      },
    ],
    tried: notRun,
    leaks: [{ how: 'stored', where: '.netrc' }],
  };
}
