import { useState } from 'react';
import { ActionIcon, Button, Popover, TextInput } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import type { SavedView } from '../../../shared/contract/table-settings.ts';
import { texts } from '../../../shared/texts/texts.ts';
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
  const wanted = name.trim();
  const isReplaced = views.some((view) => view.name === wanted);
  const isFull = views.length >= most && !isReplaced;
  const save = () => {
    if (wanted === '' || isFull) return;
    const kept = views.filter((view) => view.name !== wanted);
    props.onViews([...kept, { name: wanted, query }].sort((a, b) => a.name.localeCompare(b.name)));
    setName('');
  };
  return (
    <Popover
      position="bottom-end"
      withArrow
      shadow="md"
      trapFocus
      returnFocus
      width={300}
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
      <Popover.Dropdown aria-label={words.title}>
        <div className={styles.menu}>
          {views.length === 0 ? (
            <p className={text.small}>{words.none}</p>
          ) : (
            <ul className={styles.choices} aria-label={words.title}>
              {views.map((view) => (
                <li key={view.name}>
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
                  <ActionIcon
                    size="sm"
                    variant="subtle"
                    color="gray"
                    aria-label={words.remove(view.name)}
                    onClick={() => props.onViews(views.filter((other) => other !== view))}
                  >
                    <IconTrash size={15} />
                  </ActionIcon>
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
