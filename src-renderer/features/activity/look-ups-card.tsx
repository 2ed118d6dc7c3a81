import type { LookUpView } from '../../../shared/contract/log-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { dayOf } from '../../state/activity-question.ts';
import { useAnswer } from '../../state/use-answer.ts';
import card from '../../ui/card.module.css';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { exactTime } from '../../ui/format.ts';
import { SkeletonRows } from '../../ui/page.tsx';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import text from '../../ui/text.module.css';
import styles from './activity.module.css';

const words = texts.activity.lookUps;
const periodOf = ({ fromMs, toMs }: LookUpView): string =>
  fromMs === 0 ? words.upTo(dayOf(toMs - 1)) : words.between(dayOf(fromMs), dayOf(toMs - 1));

const columns: readonly Column<LookUpView>[] = [
  {
    id: 'time',
    title: texts.activity.time,
    priority: 0,
    width: 14,
    grow: 0.3,
    value: ({ atMs }) => atMs,
    cell: (_row, opener) => opener,
  },
  {
    id: 'by',
    title: words.by,
    priority: 1,
    width: 9,
    value: ({ by }) => by,
    cell: ({ by }) => by,
  },
  {
    id: 'subject',
    title: words.subject,
    priority: 2,
    width: 12,
    grow: 2,
    value: ({ subject }) => subject,
    cell: ({ subject }) => <span className={text.wrap}>{subject}</span>,
  },
  {
    id: 'period',
    title: words.period,
    priority: 4,
    width: 12,
    value: periodOf,
    cell: periodOf,
  },
  {
    id: 'opened',
    title: words.opened,
    priority: 3,
    width: 6,
    grow: 0.3,
    value: ({ opened }) => opened,
    cell: ({ opened }) => (opened ? words.withPersons : words.rowsOnly),
  },
];

/** Who looked at rows of a person, as the vault's log says. */
export function LookUpsCard() {
  const { value, problem, retry } = useAnswer('look-ups', () => api.log.lookUps(), { causes: ['log'] });
  return (
    <section className={card.card} aria-labelledby="look-ups">
      <header className={card.head}>
        <h2 id="look-ups">{words.title}</h2>
      </header>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      {value === undefined && problem === undefined && <SkeletonRows rows={2} />}
      {value !== undefined && value.length === 0 && <p className={styles.note}>{words.none}</p>}
      {value !== undefined && value.length > 0 && (
        <div className={styles.tall}>
          <DataTable
            label={words.title}
            columns={columns}
            rows={{ total: value.length, at: (index) => value[index] }}
            rowId={({ atMs, by, subject }) => `${atMs} ${by} ${subject}`}
            rowName={({ atMs }) => exactTime(atMs)}
          />
        </div>
      )}
    </section>
  );
}
