/** The settings of pip, uv and conda as files without the token, for places that keep it apart: one way to make them. */
import { condarcText } from './condarc.ts';
import { channelNames, simpleUrl } from './parts.ts';
import { pipConfText } from './pip.ts';
import type { ExportInput } from './types.ts';
import { uvTomlText } from './uv.ts';

/** Per client that the token's channels are for, the text of its file without a header. */
export function openSettings(
  input: ExportInput,
): readonly { readonly client: 'pip' | 'uv' | 'conda'; readonly text: string }[] {
  const url = (name: string) => simpleUrl(input, name);
  return [
    ...(channelNames(input, 'pypi').length > 0
      ? ([
          { client: 'pip', text: pipConfText(input, url) },
          { client: 'uv', text: uvTomlText(input, url) },
        ] as const)
      : []),
    ...(channelNames(input, 'conda').length > 0
      ? ([{ client: 'conda', text: condarcText(input, 'without-token') }] as const)
      : []),
  ];
}

/** Shell lines (any POSIX shell) that write those files. The quoted word keeps the shell from reading the text. */
export function settingsLines(
  input: ExportInput,
  paths: Readonly<Record<'pip' | 'uv' | 'conda', string>>,
): readonly string[] {
  return openSettings(input).flatMap(({ client, text }) => [
    `mkdir -p "$(dirname ${paths[client]})"`,
    `cat > ${paths[client]} <<'LATCHKEY_END'`,
    text.trimEnd(),
    'LATCHKEY_END',
  ]);
}
