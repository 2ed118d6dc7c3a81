/** The entry of this room: a client's configuration for one token, in the format that the client reads. */
import type { ExportFormatId } from '../../shared/contract/views.ts';
import { assertNever, LatchkeyError } from '../../shared/errors.ts';
import { renderCiEnv } from './ci-env.ts';
import { renderCondarc } from './condarc.ts';
import { renderPipConf, renderPipNetrc } from './pip.ts';
import { renderRattlerAuth } from './rattler.ts';
import type { ExportInput, RenderedExport } from './types.ts';
import { renderUvToml } from './uv.ts';

/** All formats with the kind of channel that they need; `any` takes both. */
export const exportFormats = [
  { id: 'condarc', title: 'conda and mamba: .condarc', kind: 'conda' },
  { id: 'pip-conf', title: 'pip: pip.conf (pip.ini on Windows)', kind: 'pypi' },
  { id: 'pip-netrc', title: 'pip: pip.conf and .netrc', kind: 'pypi' },
  { id: 'uv-toml', title: 'uv: uv.toml', kind: 'pypi' },
  { id: 'rattler-auth', title: 'pixi and rattler', kind: 'conda' },
  { id: 'env', title: 'CI: environment variables', kind: 'any' },
] as const satisfies readonly { id: ExportFormatId; title: string; kind: 'conda' | 'pypi' | 'any' }[];

/**
 * Renders an export. Pure: the same input gives the same text.
 * @throws LatchkeyError EXPORT_UNSUPPORTED when the token reaches no channel of the kind that the client reads, or
 *   INVALID_INPUT when the gateway's URL is none
 */
export function renderExport(format: ExportFormatId, given: ExportInput): RenderedExport {
  const kind = exportFormats.find((entry) => entry.id === format)?.kind ?? 'any';
  if (!given.channels.some((channel) => kind === 'any' || channel.kind === kind)) {
    const what = kind === 'any' ? 'any channel' : kind === 'conda' ? 'a conda channel' : 'a PyPI channel';
    throw new LatchkeyError(
      'EXPORT_UNSUPPORTED',
      `The token lk-${given.token.id} does not reach ${what}. Choose another format, or issue a token for such a channel.`,
      { details: { format, tokenId: given.token.id } },
    );
  }
  const input = { ...given, gatewayUrl: normalisedOrigin(given.gatewayUrl) };
  switch (format) {
    case 'condarc':
      return renderCondarc(input);
    case 'pip-conf':
      return renderPipConf(input);
    case 'pip-netrc':
      return renderPipNetrc(input);
    case 'uv-toml':
      return renderUvToml(input);
    case 'rattler-auth':
      return renderRattlerAuth(input);
    case 'env':
      return renderCiEnv(input);
    default:
      return assertNever(format);
  }
}

/** Only what the URL parser leaves of an origin is written into shell words and files: no quotes, spaces or `$`. */
function normalisedOrigin(text: string): string {
  const origin = /^https?:\/\/[^\s/?#@\\]+\/?$/i.test(text) ? originOf(text) : undefined;
  if (origin !== undefined && /^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:]+\])(:\d+)?$/.test(origin)) return origin;
  // The text is not repeated: a user name and password may be what is wrong with it.
  throw new LatchkeyError(
    'INVALID_INPUT',
    'The address of the gateway is none. Write it like https://packages.example.org or http://127.0.0.1:8700.',
  );
}

function originOf(text: string): string | undefined {
  try {
    return new URL(text).origin;
  } catch {
    // Not parsable is one of the ways of being no address; the caller says so.
    return undefined;
  }
}
