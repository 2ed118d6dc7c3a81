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

/** Below %ProgramData%. */
const fileOf = { pip: 'pip\\pip.ini', uv: 'uv\\uv.toml', conda: 'conda\\.condarc' } as const;

export function renderWindows(input: ExportInput): Rendered {
  const files = openSettings(input).map(({ client, text }) => [fileOf[client], text] as const);
  const content = `${headerComment(input, 'Machine-wide settings of pip, uv and conda', notRun)}$ErrorActionPreference = 'Stop'

# Without a byte-order mark: pip and conda would take it for a part of the first line.
$Utf8 = New-Object System.Text.UTF8Encoding $false
function Set-LatchkeyFile([string] $Name, [string] $Text) {
  $Path = Join-Path $env:ProgramData $Name
  New-Item -ItemType Directory -Force -Path (Split-Path $Path) | Out-Null
  [System.IO.File]::WriteAllText($Path, $Text + "\`n", $Utf8)
}

${files.map(([name, text]) => `Set-LatchkeyFile '${name}' @'\n${text.trimEnd()}\n'@\n`).join('\n')}`;
  return {
    summary: 'A script for Intune or a group policy: machine-wide settings without a secret.',
    files: [
      openFile({ name: 'latchkey-windows.ps1', content, language: 'powershell' }),
      netrcFile(input, '_netrc'),
    ],
    where: [
      anywhere('a platform script of Intune, run as SYSTEM; or a startup script of a group policy'),
      anywhere('%USERPROFILE%\\_netrc of the user, never a folder that others can read'),
    ],
    checkCommand: placeCheckCommand(input),
    notes: [
      'Every user can read %ProgramData%: the script holds no token. Each user gets a token of their own, in _netrc.',
      'A pip.ini of the user, an uv.toml of the user and a .condarc of the user win over these files, or add to them.',
      ...netrcNotes,
      ...placeNotes(input),
    ],
    commands: [],
    tried: notRun,
    leaks: [],
  };
}
