import { Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import type { Paged } from '../../state/use-paged.ts';
import styles from './activity.module.css';

const words = texts.activity.pages;
const icon = { size: 15, 'aria-hidden': true } as const;

/** From page to page; nothing where there is one alone. @param inTime the first page is the newest */
export function Pager(props: {
  readonly pages: Pick<Paged<unknown>, 'page' | 'onBack' | 'onNext' | 'isStale'>;
  readonly inTime?: boolean;
}) {
  const { page, onBack, onNext, isStale } = props.pages;
  if (page === 1 && onNext === undefined) return null;
  const inTime = props.inTime === true;
  return (
    <nav className={styles.pager} aria-label={words.label}>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconChevronLeft {...icon} />}
        disabled={onBack === undefined}
        onClick={onBack}
      >
        {inTime ? words.back : words.first}
      </Button>
      <span role="status">{isStale ? '' : words.at(page)}</span>
      <Button
        size="xs"
        variant="default"
        rightSection={<IconChevronRight {...icon} />}
        disabled={onNext === undefined}
        onClick={onNext}
      >
        {inTime ? words.next : words.more}
      </Button>
    </nav>
  );
}
