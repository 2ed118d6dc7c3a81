import { texts } from '../../../shared/texts/texts.ts';
import type { api } from '../../client/api.ts';
import { formatBytes } from '../../ui/format.ts';
import type { Column } from '../../ui/table/column.ts';
import { FileCell } from './row-columns.tsx';
import { firstColumn, lastColumn, timesColumn } from './tally-columns.tsx';

const words = texts.activity;
export type InstalledFile = Awaited<ReturnType<typeof api.log.installed>>['files'][number];

/** What was installed, a file a row. */
export const installedColumns: readonly Column<InstalledFile>[] = [
  {
    id: 'file',
    title: words.package,
    priority: 0,
    width: 14,
    grow: 3,
    value: ({ file }) => file.filename,
    cell: ({ file }) => <FileCell file={file} />,
  },
  timesColumn(1),
  lastColumn(2),
  firstColumn(3),
  {
    id: 'size',
    title: words.size,
    priority: 4,
    width: 6,
    grow: 0.3,
    isNumber: true,
    value: ({ bytes }) => bytes,
    cell: ({ bytes }) => formatBytes(bytes),
  },
];

/** In a file each fact has a column of its own. */
const column = (id: string, value: Column<InstalledFile>['value']): Column<InstalledFile> => ({
  id,
  title: id,
  priority: 1,
  width: 1,
  value,
  cell: () => null,
});
export const installedInFile: readonly Column<InstalledFile>[] = [
  column('ecosystem', ({ file }) => file.ecosystem),
  column('name', ({ file }) => file.name),
  column('version', ({ file }) => file.version),
  column('filename', ({ file }) => file.filename),
  column('hash', ({ file }) => file.sha256),
  column('times', ({ count }) => count),
  column('bytes', ({ bytes }) => bytes),
  column('first', ({ firstMs }) => new Date(firstMs).toISOString()),
  column('last', ({ lastMs }) => new Date(lastMs).toISOString()),
];

export const fileKey = ({ file }: InstalledFile): string =>
  `${file.ecosystem} ${file.filename} ${file.sha256}`;
export const fileName = ({ file }: InstalledFile): string => file.filename || file.sha256;
