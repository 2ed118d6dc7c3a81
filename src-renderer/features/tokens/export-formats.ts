import type { ExportFormatId } from '../../../shared/contract/views.ts';
import type { ChannelKind } from '../../../shared/model/domain.ts';
import type { TokenId } from '../../../shared/model/ids.ts';

type Format = { readonly id: ExportFormatId; readonly label: string; readonly kinds: readonly ChannelKind[] };

/** What is rendered and saved; with the secret only while the page still shows it. */
export type ExportRequest = {
  readonly format: ExportFormatId;
  readonly tokenId: TokenId;
  readonly secret?: string;
};

/** In the order of the tabs. */
const formats: readonly Format[] = [
  { id: 'condarc', label: '.condarc', kinds: ['conda'] },
  { id: 'rattler-auth', label: 'pixi / rattler', kinds: ['conda'] },
  { id: 'pip-conf', label: 'pip.conf', kinds: ['pypi'] },
  { id: 'pip-netrc', label: 'pip + .netrc', kinds: ['pypi'] },
  { id: 'uv-toml', label: 'uv.toml', kinds: ['pypi'] },
  { id: 'env', label: 'CI variables', kinds: ['conda', 'pypi'] },
];

/** The formats that have something to say about channels of these kinds. */
export function formatsFor(kinds: ReadonlySet<ChannelKind>): readonly Format[] {
  return formats.filter((format) => format.kinds.some((kind) => kinds.has(kind)));
}

/** Where a file is saved unless the person says otherwise: the downloads folder of the home folder. */
export function defaultSavePath(homeDir: string, platform: string, fileName: string): string {
  const separator = platform === 'win32' ? '\\' : '/';
  return [homeDir.replace(/[\\/]+$/, ''), 'Downloads', fileName].join(separator);
}
