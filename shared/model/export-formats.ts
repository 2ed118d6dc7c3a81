/** The clients' formats, in the order in which they are shown: the one table for contract, exports, CLI and screens. */
import type { ChannelKind } from './domain.ts';

type Format = {
  readonly title: string;
  /** Where there is little room. */
  readonly short: string;
  /** A token must reach a channel of one of these kinds. */
  readonly kinds: readonly ChannelKind[];
};

export const exportFormats = {
  condarc: { title: 'conda and mamba: .condarc', short: '.condarc', kinds: ['conda'] },
  'rattler-auth': { title: 'pixi and rattler', short: 'pixi / rattler', kinds: ['conda'] },
  'pip-conf': { title: 'pip: pip.conf (pip.ini on Windows)', short: 'pip.conf', kinds: ['pypi'] },
  'pip-netrc': { title: 'pip: pip.conf and .netrc', short: 'pip + .netrc', kinds: ['pypi'] },
  'uv-toml': { title: 'uv: uv.toml', short: 'uv.toml', kinds: ['pypi'] },
  env: { title: 'CI: environment variables', short: 'CI variables', kinds: ['conda', 'pypi'] },
} as const satisfies Readonly<Record<string, Format>>;

export type ExportFormatId = keyof typeof exportFormats;
export const exportFormatIds = Object.keys(exportFormats) as readonly ExportFormatId[];

/** The formats that have something to say about channels of these kinds. */
export function exportFormatsFor(kinds: ReadonlySet<ChannelKind>): readonly ExportFormatId[] {
  return exportFormatIds.filter((id) => exportFormats[id].kinds.some((kind) => kinds.has(kind)));
}
