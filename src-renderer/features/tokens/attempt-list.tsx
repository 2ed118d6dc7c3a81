import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import styles from './attempt-list.module.css';
import type { Attempt } from '../../../shared/contract/doctor-views.ts';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.attemptList;

/** What the gateway answered, channel by channel. */
export function AttemptList(props: { readonly attempts: readonly Attempt[] }) {
  if (props.attempts.length === 0)
    return <p className={cx(text.quiet, text.small)}>{words.nothingToAskThe}</p>;
  return (
    <ul className={styles.attempts} aria-label={words.answersOfTheGateway}>
      {props.attempts.map((attempt) => (
        <li key={attempt.url}>
          {attempt.ok ? (
            <IconCircleCheck size={16} className={styles.good} aria-label={words.works} />
          ) : (
            <IconCircleX size={16} className={styles.bad} aria-label={words.fails} />
          )}
          <span className={text.mono}>{attempt.url}</span>
          <span className={text.small}>{attempt.message}</span>
        </li>
      ))}
    </ul>
  );
}
