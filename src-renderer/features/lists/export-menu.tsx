import { useState } from 'react';
import { Alert, Button, Menu, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconFileExport } from '@tabler/icons-react';
import type { TableFile } from '../../../shared/contract/table-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import type { CellValue, Column } from '../../ui/table/column.ts';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';
import { defaultSavePath } from '../tokens/export-request.ts';

const words = texts.tables.file;

export type TableExport = {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly source: () => TableFile['source'];
};
type Format = TableFile['format'];

/** Writes what is filtered, in its order and with its columns, into a file. */
export function ExportMenu(props: {
  readonly file: TableExport;
  readonly many: string;
  readonly total: number;
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
          text={words.whole(props.total, props.many)}
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
  const { rows, path } = await api.exports.saveTable({ name, format, source: source(), ...place });
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
  const host = useSession((state) => state.host);
  const [path, setPath] = useState(() =>
    defaultSavePath(host?.homeDir ?? '', host?.platform ?? '', `${props.file.name}.${props.format}`),
  );
  const [exists, setExists] = useState(false);
  const save = async () => {
    try {
      await saveTable(props.file, props.format, { path: path.trim(), overwrite: exists });
    } catch (error) {
      // Not a refusal but a question, which the second attempt answers.
      if (!hasCode(error, 'FILE_EXISTS')) throw error;
      setExists(true);
      return;
    }
    props.onSaved?.();
    props.onClose();
  };
  return (
    <FormOverlay
      title={props.title}
      submit={exists ? words.replace : words.save}
      draft={{}}
      missing={path.trim() === '' ? texts.parts.missing.path : undefined}
      onSubmit={save}
      onClose={props.onClose}
      keepOpen
      result={
        exists && (
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={words.exists} role="alert">
            {words.existsText}
          </Alert>
        )
      }
    >
      <p>{props.text}</p>
      <TextInput
        label={words.path}
        description={words.pathHint}
        data-autofocus
        spellCheck={false}
        value={path}
        onChange={(event) => {
          setPath(event.currentTarget.value);
          setExists(false);
        }}
      />
    </FormOverlay>
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
