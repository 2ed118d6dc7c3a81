import { Button } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatBytes } from '../../ui/format.ts';
import text from '../../ui/text.module.css';
import styles from './cache.module.css';

const words = texts.cacheScreen.denied;

/** Files that are kept although policies deny them to everybody. */
export function DeniedCard(props: { readonly mayPurge: string | undefined; readonly onPurge: () => void }) {
  const { value, isStale, problem, retry } = useAnswer(
    'denied',
    () => api.cache.planPurge({ type: 'denied' }),
    // Not with use: what nobody may have is not fetched, and each answer is a look at the whole cache.
    { causes: ['policies', 'curation', 'channels', 'teams', 'environments'] },
  );
  const some = value !== undefined && value.files > 0;
  return (
    <section
      className={card.card}
      aria-labelledby="cache-denied"
      aria-busy={isStale && problem === undefined}
    >
      <header className={card.head}>
        <h2 id="cache-denied">{words.title}</h2>
        {some && (
          <Button
            size="xs"
            variant="default"
            disabled={props.mayPurge !== undefined}
            title={props.mayPurge}
            onClick={props.onPurge}
          >
            {words.act}
          </Button>
        )}
      </header>
      <div className={cx(card.body, styles.lines)}>
        {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
        {value !== undefined && problem === undefined && (
          <p className={cx(value.files > 0 && text.strong)}>
            {value.files === 0 ? words.none : words.some(value.files, formatBytes(value.bytes))}
          </p>
        )}
        <p className={cx(text.quiet, text.small)}>{words.lead}</p>
      </div>
    </section>
  );
}
