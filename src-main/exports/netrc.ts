import type { RenderedExport } from '../../shared/contract/views.ts';
import { hasSecret, hostNameOf, tokenOf, userName } from './parts.ts';
import type { ExportInput } from './types.ts';

/** Where `.netrc` belongs; pip and uv read it, curl too. */
export const netrcPlace = {
  linux: '~/.netrc',
  macos: '~/.netrc',
  windows: '%USERPROFILE%\\_netrc',
};

/**
 * One `.netrc` entry. No comments: Python's reader has trouble with some, and tools that rewrite the file drop them. The
 * three values are a host name and characters of [0-9A-Za-z-], so nothing needs quoting.
 */
export function netrcFile(input: ExportInput): RenderedExport['files'][number] {
  return {
    name: '.netrc',
    content: `machine ${hostNameOf(input)}\nlogin ${userName}\npassword ${tokenOf(input)}\n`,
    containsSecret: hasSecret(input),
    language: 'text',
  };
}
