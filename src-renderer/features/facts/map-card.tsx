import { useState } from 'react';
import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { IconFileExport, IconFileImport, IconPlus, IconSearch } from '@tabler/icons-react';
import type { CurationTable } from '../../../shared/contract/curation-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatCount } from '../../ui/format.ts';
import plain from '../../ui/plain-table.module.css';
import text from '../../ui/text.module.css';
import { ExportTextDialog } from '../lists/export-text-dialog.tsx';
import styles from './facts.module.css';
import { MapEntryDialog } from './map-entry-dialog.tsx';
import { MapFileDialog } from './map-file-dialog.tsx';
import type { MapRow } from './map-rows.ts';
import { readRows } from './map-rows.ts';

const words = texts.curationTables;
const most = 20;
const typingMs = 200;
const icon = { size: 15, 'aria-hidden': true } as const;

type Opened = { readonly what: 'import' | 'export' } | { readonly what: 'entry'; readonly row?: MapRow };

/** One of the tables that an organization edits: what it says itself, before what comes with the product. */
export function MapCard({ table }: { readonly table: CurationTable }) {
  const says = words[table];
  const [search, setSearch] = useState('');
  const [own, setOwn] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  const query = { text: search.trim(), own, limit: most };
  const { value, problem, retry } = useAnswer(JSON.stringify(query), () => readRows[table](query), {
    causes: ['curation'],
    delayMs: search === '' ? 0 : typingMs,
  });
  const close = () => setOpened(undefined);
  return (
    <section className={card.card}>
      <div className={card.head}>
        <h2>{says.title}</h2>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus {...icon} />}
            onClick={() => setOpened({ what: 'entry' })}
          >
            {says.add}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconFileImport {...icon} />}
            aria-label={words.file.title(says.many)}
            onClick={() => setOpened({ what: 'import' })}
          >
            {words.import}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconFileExport {...icon} />}
            aria-label={words.exported.title(says.many)}
            onClick={() => setOpened({ what: 'export' })}
          >
            {words.export}
          </Button>
        </Group>
      </div>
      <p className={styles.note}>{says.lead}</p>
      <Group gap="md" className={cx(styles.tools)}>
        <TextInput
          size="xs"
          type="search"
          aria-label={words.searchIn(says.title)}
          placeholder={says.search}
          leftSection={<IconSearch {...icon} />}
          maxLength={200}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Checkbox
          size="xs"
          label={words.onlyOwn}
          checked={own}
          onChange={(event) => setOwn(event.currentTarget.checked)}
        />
      </Group>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      {value !== undefined && value.rows.length === 0 && <p className={styles.note}>{says.none}</p>}
      {value !== undefined && value.rows.length > 0 && (
        <div className={styles.scroll} role="region" tabIndex={0} aria-label={says.title}>
          <table className={plain.table}>
            <thead>
              <tr>
                <th scope="col">{says.key}</th>
                <th scope="col">{says.value}</th>
                <th scope="col">{words.from}</th>
                <th scope="col">{words.act}</th>
              </tr>
            </thead>
            <tbody>
              {value.rows.map((row) => (
                <Row key={row.key} table={table} row={row} onEdit={() => setOpened({ what: 'entry', row })} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {value !== undefined && value.total > value.rows.length && (
        <p className={styles.note}>{words.first(formatCount(value.rows.length), formatCount(value.total))}</p>
      )}
      {opened?.what === 'entry' && <MapEntryDialog table={table} row={opened.row} onClose={close} />}
      {opened?.what === 'import' && <MapFileDialog table={table} onClose={close} />}
      {opened?.what === 'export' && (
        <ExportTextDialog
          title={words.exported.title(says.many)}
          hint={words.exported.hint}
          empty={words.exported.empty}
          read={() => api.curation.exportTable({ table })}
          document={table}
          onClose={close}
        />
      )}
    </section>
  );
}

function Row(props: { readonly table: CurationTable; readonly row: MapRow; readonly onEdit: () => void }) {
  const { key, value, isOwn, otherwise, purls } = props.row;
  const says = words[props.table];
  return (
    <tr>
      <td>
        {key}
        {purls.length > 0 && <div className={cx(text.small, text.quiet, text.mono)}>{purls[0]}</div>}
      </td>
      <td>
        {value ?? says.nothing}
        {purls.length > 1 && <div className={cx(text.small, text.quiet, text.mono)}>{purls[1]}</div>}
      </td>
      <td>
        {isOwn ? words.own : words.given}
        {otherwise !== undefined && (
          <div className={cx(text.small, text.quiet)}>{words.otherwise(otherwise)}</div>
        )}
      </td>
      <td>
        <Button size="compact-xs" variant="subtle" aria-label={says.edit(key)} onClick={props.onEdit}>
          {words.editButton}
        </Button>
      </td>
    </tr>
  );
}
