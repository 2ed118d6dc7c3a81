import { Button, CloseButton } from '@mantine/core';
import { IconArrowsMinimize, IconBan, IconNote, IconRotate } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import type { Selection } from '../../ui/table/selection.ts';
import { allMatching, noSelection } from '../../ui/table/selection.ts';
import styles from '../../ui/table/table.module.css';
import type { ActType } from './bulk-form.ts';

const words = texts.tables;
const icons = { note: IconNote, narrow: IconArrowsMinimize, rotate: IconRotate, revoke: IconBan } as const;

/** What is selected and what it covers, and what can be done with it. */
export function SelectionBar(props: {
  readonly count: number;
  /** Of all that match. */
  readonly total: number;
  /** Exactly the rows of the page that is shown. */
  readonly isPage: boolean;
  readonly picked: Selection;
  readonly onPick: (picked: Selection) => void;
  readonly onAct: (act: ActType) => void;
}) {
  const { count, total, picked } = props;
  const covers =
    picked.by === 'all'
      ? picked.except.size === 0
        ? words.allSelected(count)
        : words.allButSelected(count, picked.except.size)
      : count === total
        ? words.allSelected(count)
        : props.isPage
          ? words.pageSelected(count)
          : words.selected(count);
  return (
    <div className={styles.toolbar} role="toolbar" aria-label={words.selectedRows(texts.tokenTable.many)}>
      <CloseButton aria-label={words.clearSelection} onClick={() => props.onPick(noSelection)} />
      <strong role="status">{covers}</strong>
      {picked.by === 'rows' && count < total && (
        <button type="button" className={styles.link} onClick={() => props.onPick(allMatching)}>
          {words.selectAll(total, texts.tokenTable.many)}
        </button>
      )}
      <div className={styles.end}>
        {(['note', 'narrow', 'rotate', 'revoke'] as const).map((act) => {
          const Icon = icons[act];
          return (
            <Button
              key={act}
              size="xs"
              variant={act === 'revoke' ? 'light' : 'default'}
              {...(act === 'revoke' ? { color: 'red' } : {})}
              leftSection={<Icon size={15} aria-hidden="true" />}
              onClick={() => props.onAct(act)}
            >
              {texts.bulk.buttons[act]}
            </Button>
          );
        })}
      </div>
    </div>
  );
}
