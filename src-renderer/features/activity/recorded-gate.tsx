import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { IconUserSearch } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import { useLookedUp } from '../../state/looked-up.ts';
import card from '../../ui/card.module.css';
import { EmptyState } from '../../ui/page.tsx';

/** Asks for nothing that is recorded before somebody chose to see it; once for each, until the lock. */
export function RecordedGate(props: {
  /** A token's id, a package, or `everybody`. */
  readonly whose: string;
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  const { whose, title } = props;
  const isChosen = useLookedUp(({ chosen }) => chosen.has(whose));
  const choose = useLookedUp((state) => state.choose);
  if (isChosen) return props.children;
  return (
    <section className={card.card} aria-label={title}>
      <EmptyState
        icon={<IconUserSearch size={24} />}
        title={title}
        text={props.text}
        action={<Button onClick={() => choose(whose)}>{texts.activity.person.show}</Button>}
      />
    </section>
  );
}
