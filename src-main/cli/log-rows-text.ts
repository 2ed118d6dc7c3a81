import type { LogRowView } from '../../shared/contract/log-views.ts';
import { texts } from '../../shared/texts/texts.ts';
import { formatTime } from './output.ts';

/** A row of the request log for people. */
export function rowCells(row: LogRowView, isOpened: boolean): string[] {
  const { file, policyName, cause } = row;
  const cells = [
    formatTime(row.atMs),
    row.kind,
    row.tokenId === '' ? '-' : `lk-${row.tokenId}`,
    row.holder ?? '-',
    row.environment ?? '-',
    row.channel ?? '-',
    file === undefined ? '-' : file.filename === '' ? `${file.name} ${file.version}`.trim() : file.filename,
    String(row.status),
    row.client,
    [policyName, cause === undefined ? undefined : texts.causes.of(cause)]
      .filter((one) => one !== undefined)
      .join(': '),
  ];
  return isOpened ? [...cells, row.address ?? '-', row.ciUser ?? '-'] : cells;
}
