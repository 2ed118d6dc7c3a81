import type { ReactNode } from 'react';
import { createContext, use } from 'react';
import { ActionIcon, Skeleton } from '@mantine/core';
import { IconHelp } from '@tabler/icons-react';
import { cx } from './cx.ts';
import styles from './page.module.css';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.ui.page;

/** Shows the help of the screen that is open; undefined where there is none, as in the gallery. */
export const HelpContext = createContext<(() => void) | undefined>(undefined);

/** A screen: heading, one sentence that says what it is for, its main action, and the content. */
export function Page(props: {
  readonly title: string;
  readonly lead: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
  /** The content scrolls itself, inside the window's height. */
  readonly fill?: boolean;
}) {
  const help = use(HelpContext);
  return (
    <div className={cx(styles.page, props.fill === true && styles.fill)}>
      <header className={styles.head}>
        <div className={styles.title}>
          <h1>{props.title}</h1>
          <p>{props.lead}</p>
        </div>
        <div className={styles.actions}>
          {help !== undefined && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={texts.palette.help.button}
              title={texts.palette.help.button}
              onClick={help}
            >
              <IconHelp size={19} aria-hidden="true" />
            </ActionIcon>
          )}
          {props.action}
        </div>
      </header>
      {props.children}
    </div>
  );
}

/** Rows of grey while a list loads. */
export function SkeletonRows({ rows = 5 }: { readonly rows?: number }) {
  return (
    <div aria-busy="true" aria-label={words.loading} role="status">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={styles.waiting}>
          <Skeleton height={12} width="22%" />
          <Skeleton height={12} width="34%" />
          <Skeleton height={12} width="14%" />
        </div>
      ))}
    </div>
  );
}

/** What a list shows when it is empty: what would be here, and what to do next. */
export function EmptyState(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <div className={styles.icon}>{props.icon}</div>
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.action && <div className={styles.action}>{props.action}</div>}
    </div>
  );
}
