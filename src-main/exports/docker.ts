/**
 * Docker with BuildKit: the token is mounted as a file for one RUN and is in no layer, argument or history of the image;
 * the settings that the image keeps hold no secret.
 */
import { notRun } from './clients.ts';
import { netrcFile } from './netrc.ts';
import { anywhere, channelNames, headerComment, openFile } from './parts.ts';
import { openSettings } from './open-settings.ts';
import { placeNotes } from './sign-in.ts';
import type { ExportInput, ExportPlace, Rendered } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.docker;

const context = anywhere(says.place);
const fileOf = {
  pip: { name: 'pip.conf', language: 'ini' },
  uv: { name: 'uv.toml', language: 'toml' },
  conda: { name: '.condarc', language: 'yaml' },
} as const;
const mount = 'RUN --mount=type=secret,id=netrc,target=/root/.netrc,mode=0600 \\\n    ';

export function renderDocker(input: ExportInput): Rendered {
  const hasPypi = channelNames(input, 'pypi').length > 0;
  const hasConda = channelNames(input, 'conda').length > 0;
  const settings = openSettings(input).map(({ client, text }) =>
    openFile({
      ...fileOf[client],
      content: headerComment(input, says.configuration(client), notRun) + text,
    }),
  );
  const lines = [
    // Must be the first line of a Dockerfile; older builders would not know the mount.
    '# syntax=docker/dockerfile:1',
    ...headerComment(input, says.lines, notRun).trimEnd().split('\n'),
    `FROM ${hasConda ? 'YOUR-IMAGE-WITH-CONDA' : 'python:3.13-slim'}`,
    ...(hasPypi ? ['COPY pip.conf /etc/pip.conf', 'COPY uv.toml /etc/uv/uv.toml'] : []),
    ...(hasConda ? ['COPY .condarc /etc/conda/.condarc'] : []),
    ...(hasPypi ? [`${mount}python -m pip install --no-cache-dir PACKAGE`] : []),
    ...(hasConda ? [`${mount}conda install --yes PACKAGE`] : []),
  ];
  return {
    summary: says.summary,
    files: [
      openFile({ name: 'Dockerfile', content: `${lines.join('\n')}\n`, language: 'dockerfile' }),
      ...settings,
      netrcFile(input, 'latchkey.netrc'),
    ],
    where: [context, ...settings.map((): ExportPlace => context), anywhere(says.outside)],
    checkCommand: 'docker build --secret id=netrc,src=latchkey.netrc .   # installs PACKAGE',
    notes: [says.mount, says.never, says.podman, ...placeNotes(input)],
    commands: [
      {
        title: says.build,
        command: 'docker build --secret id=netrc,src=latchkey.netrc .',
      },
    ],
    tried: notRun,
    leaks: [],
  };
}
