/** `.netrc`: one token per host, read by pip, uv, curl and others. It keeps the secret out of the tools' own files. */
import { headerComment, hostOf, secretOf, userName } from './parts.ts';
import type { ExportFile, ExportInput, ExportPlace } from './types.ts';

/**
 * The entry. Host without port, because that is what the readers compare; no word in it needs quoting. pip looks an
 * IPv6 address up without its brackets, uv with them.
 */
export function netrcFile(input: ExportInput): ExportFile {
  const host = hostOf(input);
  const entry = (host.includes(':') ? [host, `[${host}]`] : [host])
    .map((machine) => `machine ${machine} login ${userName} password ${secretOf(input)}\n`)
    .join('');
  return {
    name: '.netrc',
    content: headerComment(input, 'Gateway sign-in', ['pip', 'uv']) + entry,
    containsSecret: input.secret !== undefined,
    language: 'text',
  };
}

export const netrcPlace: ExportPlace = {
  linux: '~/.netrc',
  macos: '~/.netrc',
  windows: '%USERPROFILE%\\_netrc',
};

export const netrcNotes: readonly string[] = [
  'A .netrc has one entry per host, whatever the port. If the host stands in it already, replace that entry; the first one wins.',
  'Credentials in a URL win over .netrc. If an old token still stands in pip.conf, uv.toml or a PIP_ or UV_ variable, remove it there.',
];
