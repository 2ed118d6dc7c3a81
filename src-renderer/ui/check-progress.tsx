import { Progress } from '@mantine/core';
import { cx } from './cx.ts';
import text from './text.module.css';

/** How far a check is: a bar with its name, and in words. */
export function CheckProgress(props: {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly words: string;
}) {
  const { label, done, total, words } = props;
  return (
    <div>
      <Progress value={total === 0 ? 0 : (100 * done) / total} size="sm" mb={6} aria-label={label} />
      <p className={cx(text.small, text.quiet)} aria-hidden="true">
        {words}
      </p>
    </div>
  );
}
