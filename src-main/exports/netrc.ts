/**
 * `.netrc`: one token per host, read by pip, uv, conda, rattler, curl and others. It keeps the secret out of the tools' own
 * files. No comment stands in it: rattler's reader gives up at the first one, and asks without a token.
 */
import { hostOf, secretFile, secretOf, userName } from './parts.ts';
import type { ExportFile, ExportInput, ExportPlace } from './types.ts';

/** What readers look the host up by. pip looks an IPv6 address up without its brackets, uv with them. */
export function netrcMachines(input: ExportInput): readonly string[] {
  const host = hostOf(input);
  return host.includes(':') ? [host, `[${host}]`] : [host];
}

/** The entry. Host without port, because that is what the readers compare; no word in it needs quoting. */
export function netrcFile(input: ExportInput, name = '.netrc'): ExportFile {
  const content = netrcMachines(input)
    .map((machine) => `machine ${machine} login ${userName} password ${secretOf(input)}\n`)
    .join('');
  return secretFile(input, { name, content, language: 'text' });
}

export const netrcPlace: ExportPlace = {
  linux: '~/.netrc',
  macos: '~/.netrc',
  windows: '%USERPROFILE%\\_netrc',
};
