/**
 * Windows: a script that Intune or a group policy runs as SYSTEM. It writes the machine-wide settings, which every user
 * may read and which hold no secret; each user's token stands in that user's own _netrc.
 */
import { notRun } from './clients.ts';
import { netrcFile } from './netrc.ts';
import { netrcNotes } from './notes.ts';
import { openSettings } from './open-settings.ts';
import { anywhere, headerComment, openFile } from './parts.ts';
import { placeCheckCommand, placeNotes } from './sign-in.ts';
import type { ExportInput, Rendered } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.windows;

/** Below %ProgramData%. */
const fileOf = { pip: 'pip\\pip.ini', uv: 'uv\\uv.toml', conda: 'conda\\.condarc' } as const;

export function renderWindows(input: ExportInput): Rendered {
  const files = openSettings(input).map(({ client, text }) => [fileOf[client], text] as const);
  const content = `${headerComment(input, says.script, notRun)}$ErrorActionPreference = 'Stop'

# Without a byte-order mark: pip and conda would take it for a part of the first line.
$Utf8 = New-Object System.Text.UTF8Encoding $false
function Set-LatchkeyFile([string] $Name, [string] $Text) {
  $Path = Join-Path $env:ProgramData $Name
  New-Item -ItemType Directory -Force -Path (Split-Path $Path) | Out-Null
  [System.IO.File]::WriteAllText($Path, $Text + "\`n", $Utf8)
}

${files.map(([name, text]) => `Set-LatchkeyFile '${name}' @'\n${text.trimEnd()}\n'@\n`).join('\n')}`;
  return {
    summary: says.summary,
    files: [
      openFile({ name: 'latchkey-windows.ps1', content, language: 'powershell' }),
      netrcFile(input, '_netrc'),
    ],
    where: [anywhere(says.place), anywhere(says.netrcPlace)],
    checkCommand: placeCheckCommand(input),
    notes: [says.perUser, says.wins, ...netrcNotes, ...placeNotes(input)],
    commands: [],
    tried: notRun,
    leaks: [],
  };
}
