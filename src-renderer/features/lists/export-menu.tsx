import { useState } from 'react';
import { Button, Menu } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import type { TableFile } from '../../../shared/contract/table-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import type { CellValue, Column } from '../../ui/table/column.ts';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';
import { PathDialog } from './path-dialog.tsx';

const words = texts.tables.file;

export type TableExport = {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly source: () => TableFile['source'] | Promise<TableFile['source']>;
};
type Format = TableFile['format'];

/** Writes what is filtered, in its order and with its columns, into a file. */
export function ExportMenu(props: {
  readonly file: TableExport;
  readonly many: string;
  readonly total: number;
  /** What the file will hold, where that is more than the table shows. */
  readonly hint?: string;
}) {
  const [asking, setAsking] = useState<Format>();
  const host = useSession((state) => state.host);
  const save = (format: Format) => {
    if (host?.saveDialog !== 'native') setAsking(format);
    else
      saveTable(props.file, format).catch(
        (error: unknown) => !hasCode(error, 'CANCELLED') && tellFailure(error),
      );
  };
  return (
    <>
      <Menu position="bottom-end" shadow="md" withinPortal>
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            disabled={props.total === 0}
            leftSection={<IconFileExport size={15} aria-hidden="true" />}
          >
            {words.button}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => save('csv')}>{words.csv}</Menu.Item>
          <Menu.Item onClick={() => save('json')}>{words.json}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking && (
        <TablePathDialog
          file={props.file}
          format={asking}
          title={words.title(props.many)}
          text={props.hint ?? words.whole(props.total, props.many)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  );
}

async function saveTable(
  { name, source }: TableExport,
  format: Format,
  place: { readonly path?: string; readonly overwrite?: boolean } = {},
): Promise<void> {
  const { rows, path } = await api.exports.saveTable({ name, format, source: await source(), ...place });
  tellSuccess(words.done(rows, path));
}

/** Where the host has no dialog of its own. */
export function TablePathDialog(props: {
  readonly file: TableExport;
  readonly format: Format;
  readonly title: string;
  readonly text: string;
  readonly onSaved?: () => void;
  readonly onClose: () => void;
}) {
  return (
    <PathDialog
      title={props.title}
      fileName={`${props.file.name}.${props.format}`}
      words={{ ...words, hint: words.pathHint }}
      save={async (place) => {
        await saveTable(props.file, props.format, place);
        props.onSaved?.();
      }}
      onClose={props.onClose}
    >
      <p>{props.text}</p>
    </PathDialog>
  );
}

/** The file of a list that is here as a whole. */
export function rowsSource<T>(columns: readonly Column<T>[], rows: readonly T[]): TableFile['source'] {
  return {
    of: 'rows',
    columns: columns.map(({ id }) => id),
    rows: rows.map((row) => columns.map((column): CellValue => column.value(row))),
  };
}
