/** The entry of this room: a client's configuration for one token, in the format that the client reads. */
import { assertNever, LatchkeyError } from '../../shared/errors.ts';
import type { ChannelKind } from '../../shared/model/domain.ts';
import type { ExportFormatId } from '../../shared/model/export-formats.ts';
import { exportFormats } from '../../shared/model/export-formats.ts';
import { publicUrlProblem } from '../../shared/model/public-url.ts';
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import { renderCiEnv } from './ci-env.ts';
import { renderCondarc } from './condarc.ts';
import { renderPipConf, renderPipNetrc } from './pip.ts';
import { renderRattlerAuth } from './rattler.ts';
import type { ExportInput, RenderedExport } from './types.ts';
import { renderUvToml } from './uv.ts';

/**
 * Renders an export. Pure: the same input gives the same text.
 * @throws LatchkeyError EXPORT_UNSUPPORTED when the token reaches no channel of the kind that the client reads, or
 *   INVALID_INPUT when the gateway's URL is not valid
 */
export function renderExport(format: ExportFormatId, given: ExportInput): RenderedExport {
  const kinds: readonly ChannelKind[] = exportFormats[format].kinds;
  if (!given.channels.some((channel) => kinds.includes(channel.kind))) {
    const what =
      kinds.length > 1 ? 'any channel' : kinds[0] === 'conda' ? 'a conda channel' : 'a PyPI channel';
    throw new LatchkeyError(
      'EXPORT_UNSUPPORTED',
      `The token lk-${given.token.id} does not reach ${what}. Choose another format, or issue a token for such a channel.`,
      { details: { format, tokenId: given.token.id } },
    );
  }
  const input = { ...given, gatewayUrl: normaliseUrl(given.gatewayUrl) };
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

/** Only what the URL parser leaves of an address is written into shell words and files: no quotes, spaces or `$`. */
function normaliseUrl(text: string): string {
  const url = publicUrlProblem(text) === undefined ? parsed(text) : undefined;
  if (url !== undefined && /^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:]+\])(:\d+)?$/.test(url.origin)) {
    return withoutTrailingSlashes(url.origin + url.pathname);
  }
  // The text is not repeated: a user name and password may be what is wrong with it.
  throw new LatchkeyError(
    'INVALID_INPUT',
    'The address of the gateway is not valid. Write it like https://packages.example.org or http://127.0.0.1:8700.',
  );
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    // Not parsable is one of the ways of being no address; the caller says so.
    return undefined;
  }
}
