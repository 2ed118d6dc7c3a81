import { useState } from 'react';
import { ActionIcon, Button, Popover, TextInput } from '@mantine/core';
import { IconBookmark, IconPencil, IconTrash } from '@tabler/icons-react';
import type { SavedView } from '../../../shared/contract/table-settings.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useEscape } from '../use-escape.ts';
import { cx } from '../cx.ts';
import text from '../text.module.css';
import styles from './table.module.css';

const words = texts.tables.views;
const most = 50;

/** Search, filters and order under a name. */
export function ViewsMenu(props: {
  readonly views: readonly SavedView[];
  /** What is shown now. */
  readonly query: string;
  readonly onOpen: (query: string) => void;
  readonly onViews: (views: readonly SavedView[]) => void;
}) {
  const { views, query } = props;
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const [renaming, setRenaming] = useState<string>();
  const without = (view: SavedView) => views.filter((other) => other !== view);
  useEscape(opened, () => setOpened(false));
  const wanted = name.trim();
  const isReplaced = views.some((view) => view.name === wanted);
  const isFull = views.length >= most && !isReplaced;
  const save = () => {
    if (wanted === '' || isFull) return;
    const kept = views.filter((view) => view.name !== wanted);
    props.onViews(sorted([...kept, { name: wanted, query }]));
    setName('');
  };
  return (
    <Popover
      position="bottom-end"
      withArrow
      shadow="md"
      trapFocus
      returnFocus
      width="var(--lk-menu-width)"
      middlewares={{ flip: true, shift: { crossAxis: true } }}
      opened={opened}
      onChange={setOpened}
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBookmark size={15} aria-hidden="true" />}
          onClick={() => setOpened(!opened)}
        >
          {words.button}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={words.title} className={cx(styles.dropdown)}>
        <div className={styles.menu}>
          {views.length === 0 ? (
            <p className={text.small}>{words.none}</p>
          ) : (
            <ul className={styles.choices} aria-label={words.title}>
              {views.map((view) => (
                <li key={view.name}>
                  {renaming === view.name ? (
                    <RenameView
                      name={view.name}
                      taken={(other) => views.some(({ name: one }) => one === other && one !== view.name)}
                      onName={(next) => {
                        if (next !== undefined)
                          props.onViews(sorted([...without(view), { ...view, name: next }]));
                        setRenaming(undefined);
                      }}
                    />
                  ) : (
                    <>
                      <button
                        type="button"
                        className={styles.link}
                        aria-current={view.query === query || undefined}
                        onClick={() => {
                          props.onOpen(view.query);
                          setOpened(false);
                        }}
                      >
                        {view.name}
                      </button>
                      <span>
                        <ActionIcon
                          size={24}
                          variant="subtle"
                          color="gray"
                          aria-label={words.rename(view.name)}
                          onClick={() => setRenaming(view.name)}
                        >
                          <IconPencil size={15} />
                        </ActionIcon>
                        <ActionIcon
                          size={24}
                          variant="subtle"
                          color="gray"
                          aria-label={words.remove(view.name)}
                          onClick={() => props.onViews(without(view))}
                        >
                          <IconTrash size={15} />
                        </ActionIcon>
                      </span>
                    </>
                  )}
                </li>
              ))}
            </ul>
          )}
          <form
            className={styles.menu}
            onSubmit={(event) => {
              event.preventDefault();
              save();
            }}
          >
            <TextInput
              size="xs"
              label={words.name}
              maxLength={60}
              value={name}
              error={isFull && wanted !== '' ? words.full : undefined}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" size="xs" disabled={wanted === '' || isFull}>
              {isReplaced ? words.replace : words.save}
            </Button>
          </form>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

const sorted = (views: readonly SavedView[]): readonly SavedView[] =>
  [...views].sort((a, b) => a.name.localeCompare(b.name));

/** The name of a view as a field: Enter takes it, Escape leaves it. */
function RenameView(props: {
  readonly name: string;
  readonly taken: (name: string) => boolean;
  /** Undefined: it keeps its name. */
  readonly onName: (name: string | undefined) => void;
}) {
  const [name, setName] = useState(props.name);
  const wanted = name.trim();
  const isTaken = props.taken(wanted);
  return (
    <TextInput
      size="xs"
      className={styles.rename}
      aria-label={words.rename(props.name)}
      maxLength={60}
      autoFocus
      value={name}
      error={isTaken ? words.taken : undefined}
      onChange={(event) => setName(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        // The menu stays.
        event.stopPropagation();
        if (event.key === 'Escape') props.onName(undefined);
        else if (wanted !== '' && !isTaken) props.onName(wanted);
      }}
    />
  );
}
