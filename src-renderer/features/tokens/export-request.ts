import type { ExportFormatId } from '../../../shared/model/export-formats.ts';
import type { TokenId } from '../../../shared/model/ids.ts';

/** What is rendered and saved; with the secret only while the page still shows it. */
export type ExportRequest = {
  readonly format: ExportFormatId;
  readonly tokenId: TokenId;
  readonly secret?: string;
};

/** Where a file is saved unless the person says otherwise: the downloads folder of the home folder. */
export function defaultSavePath(homeDir: string, platform: string, fileName: string): string {
  const separator = platform === 'win32' ? '\\' : '/';
  return [homeDir.replace(/[\\/]+$/, ''), 'Downloads', fileName].join(separator);
}
