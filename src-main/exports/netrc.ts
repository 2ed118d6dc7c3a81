/** `.netrc`: one token per host, read by pip, uv, conda, curl and others. It keeps the secret out of the tools' own files. */
import { clients } from './clients.ts';
import { headerComment, hostOf, secretFile, secretOf, userName } from './parts.ts';
import type { ExportFile, ExportInput, ExportPlace, Tried } from './types.ts';

const tried: Tried = [clients.conda, clients.pip, clients.uv];

/** What readers look the host up by. pip looks an IPv6 address up without its brackets, uv with them. */
export function netrcMachines(input: ExportInput): readonly string[] {
  const host = hostOf(input);
  return host.includes(':') ? [host, `[${host}]`] : [host];
}

/** The entry. Host without port, because that is what the readers compare; no word in it needs quoting. */
export function netrcFile(input: ExportInput, name = '.netrc'): ExportFile {
  const entry = netrcMachines(input)
    .map((machine) => `machine ${machine} login ${userName} password ${secretOf(input)}\n`)
    .join('');
  const content = headerComment(input, 'Gateway sign-in', tried, { holdsToken: true }) + entry;
  return secretFile(input, { name, content, language: 'text' });
}

export const netrcPlace: ExportPlace = {
  linux: '~/.netrc',
  macos: '~/.netrc',
  windows: '%USERPROFILE%\\_netrc',
};
