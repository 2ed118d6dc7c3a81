import type { ReactNode } from 'react';
import { Stack } from '@mantine/core';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import styles from './settings-screen.module.css';

/** A part of the settings: what it is about beside its fields. */
export function Section(props: {
  readonly title: string;
  readonly text?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles.section}>
      <div>
        <h2>{props.title}</h2>
        {props.text && <p className={cx(text.quiet, text.small)}>{props.text}</p>}
      </div>
      <Stack gap="md">{props.children}</Stack>
    </section>
  );
}
