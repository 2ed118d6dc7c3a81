import type { ExportFormatId, RenderedExport } from '../../shared/contract/views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { ciEnv } from './ci-env.ts';
import { condarc } from './condarc.ts';
import { pipConf, pipNetrc } from './pip.ts';
import { rattlerAuth } from './rattler.ts';
import type { ExportFormat, ExportInput } from './types.ts';
import { uvToml } from './uv.ts';

/** In the order in which they are offered. */
const formats: Readonly<Record<ExportFormatId, ExportFormat>> = {
  'pip-conf': pipConf,
  'pip-netrc': pipNetrc,
  'uv-toml': uvToml,
  condarc,
  'rattler-auth': rattlerAuth,
  env: ciEnv,
};

/**
 * The configuration of one client for one token.
 * @throws LatchkeyError EXPORT_UNSUPPORTED when the token has no channel that the client understands
 */
export function renderExport(id: ExportFormatId, input: ExportInput): RenderedExport {
  const format = formats[id];
  const fits = input.channels.some((channel) => format.needs === 'any' || channel.kind === format.needs);
  if (!fits) {
    throw new LatchkeyError(
      'EXPORT_UNSUPPORTED',
      `${format.title} needs a ${format.needs === 'any' ? '' : `${format.needs} `}channel, and this token has none.`,
      { details: { format: id } },
    );
  }
  return format.render(input);
}
