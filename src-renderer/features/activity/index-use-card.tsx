import type { TokenId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import type { DayPeriod } from '../../state/activity-question.ts';
import { isPeriod, momentsOf } from '../../state/activity-question.ts';
import { useAnswer } from '../../state/use-answer.ts';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatCount } from '../../ui/format.ts';
import text from '../../ui/text.module.css';

const words = texts.activity.ofToken;
/** Days: a whole retention of rows is shorter. */
const most = 1000;

/** Requests for indexes, which are counted and not listed. */
export function IndexUseCard(props: { readonly tokenId: TokenId; readonly period: DayPeriod }) {
  const { tokenId, period } = props;
  const { value, problem, retry, isStale } = useAnswer(
    isPeriod(period) ? JSON.stringify([tokenId, period]) : undefined,
    () => api.log.indexUse({ per: 'day', tokenId, ...momentsOf(period), limit: most }),
    { causes: ['usage'] },
  );
  const sum = (of: 'allowed' | 'denied' | 'failed') =>
    formatCount((value?.uses ?? []).reduce((all, use) => all + use[of], 0));
  return (
    <section className={card.card} aria-labelledby="index-use" aria-busy={isStale && problem === undefined}>
      <header className={card.head}>
        <h2 id="index-use">{words.index}</h2>
        <span className={cx(text.quiet, text.small)}>{words.indexLead}</span>
      </header>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      {value !== undefined && problem === undefined && (
        <p className={card.body}>
          {value.uses.length === 0 ? (
            words.noIndex
          ) : (
            <>
              {words.indexCounts(sum('allowed'), sum('denied'), sum('failed'))}{' '}
              <span className={text.quiet}>{words.indexOf(value.uses.length)}</span>
            </>
          )}
        </p>
      )}
    </section>
  );
}
