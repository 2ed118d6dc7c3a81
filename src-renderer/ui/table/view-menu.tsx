import { useState } from 'react';
import { ActionIcon, Button, Checkbox, NativeSelect, Popover, SegmentedControl } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconColumns3 } from '@tabler/icons-react';
import type { TableLayout } from '../../../shared/contract/table-settings.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useEscape } from '../use-escape.ts';
import { cx } from '../cx.ts';
import text from '../text.module.css';
import { arrange, moved } from './arrangement.ts';
import type { Column, Sort } from './column.ts';
import styles from './table.module.css';

const words = texts.tables.view;

/** Which columns, in which order, how dense, and sorted by what, also by columns that have no room. */
export function ViewMenu<T>(props: {
  readonly columns: readonly Column<T>[];
  readonly layout: TableLayout | undefined;
  readonly sort: Sort | undefined;
  readonly onLayout: (layout: TableLayout | undefined) => void;
  readonly onSort: (sort: Sort | undefined) => void;
}) {
  const { columns, layout, sort } = props;
  const [opened, setOpened] = useState(false);
  useEscape(opened, () => setOpened(false));
  const density = layout?.density ?? 'comfortable';
  const entries = arrange(columns, layout?.columns);
  const titles = new Map(columns.map((column) => [column.id, column.title]));
  const change = (next: readonly { readonly id: string; readonly shown: boolean }[]) =>
    props.onLayout({ columns: [...next], density });
  const sortable = columns.filter((column) => column.sort !== undefined);

  return (
    <Popover
      position="bottom-end"
      withArrow
      shadow="md"
      trapFocus
      returnFocus
      width="var(--lk-menu-width)"
      // Where there is little room below it lies over its button, rather than to end below the window.
      middlewares={{ flip: true, shift: { crossAxis: true } }}
      opened={opened}
      onChange={setOpened}
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconColumns3 size={15} aria-hidden="true" />}
          onClick={() => setOpened(!opened)}
        >
          {words.button}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={words.title} className={cx(styles.dropdown)}>
        <div className={styles.menu}>
          <NativeSelect
            size="xs"
            label={words.sortBy}
            value={sort?.id ?? ''}
            data={[
              { value: '', label: words.notSorted },
              ...sortable.map((column) => ({ value: column.id, label: column.title })),
            ]}
            onChange={(event) => {
              const column = sortable.find(({ id }) => id === event.currentTarget.value);
              props.onSort(column && { id: column.id, descending: column.sort === 'descending' });
            }}
          />
          {sort !== undefined && (
            <SegmentedControl
              size="xs"
              aria-label={words.sortBy}
              value={sort.descending ? 'descending' : 'ascending'}
              data={[
                { value: 'ascending', label: words.ascending },
                { value: 'descending', label: words.descending },
              ]}
              onChange={(value) => props.onSort({ id: sort.id, descending: value === 'descending' })}
            />
          )}
          <div>
            <div className={text.label}>{words.columns}</div>
            <ul className={styles.choices} aria-label={words.columns}>
              {entries.map(({ id, shown }, at) => (
                <li key={id}>
                  <Checkbox
                    size="xs"
                    label={titles.get(id)}
                    checked={shown}
                    disabled={at === 0}
                    {...(at === 0 ? { description: words.alwaysShown } : {})}
                    onChange={(event) => {
                      const on = event.currentTarget.checked;
                      change(entries.map((entry) => (entry.id === id ? { id, shown: on } : entry)));
                    }}
                  />
                  {at > 0 && (
                    <span>
                      <ActionIcon
                        size={24}
                        variant="subtle"
                        color="gray"
                        aria-label={words.up(titles.get(id) ?? id)}
                        disabled={at === 1}
                        onClick={() => change(moved(entries, id, -1))}
                      >
                        <IconChevronUp size={15} />
                      </ActionIcon>
                      <ActionIcon
                        size={24}
                        variant="subtle"
                        color="gray"
                        aria-label={words.down(titles.get(id) ?? id)}
                        disabled={at === entries.length - 1}
                        onClick={() => change(moved(entries, id, 1))}
                      >
                        <IconChevronDown size={15} />
                      </ActionIcon>
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </div>
          <SegmentedControl
            size="xs"
            aria-label={words.density}
            value={density}
            data={[
              { value: 'comfortable', label: words.comfortable },
              { value: 'compact', label: words.compact },
            ]}
            onChange={(value) =>
              props.onLayout({
                columns: [...entries],
                density: value === 'compact' ? 'compact' : 'comfortable',
              })
            }
          />
          <Button
            size="xs"
            variant="subtle"
            disabled={layout === undefined}
            onClick={() => props.onLayout(undefined)}
          >
            {words.reset}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
