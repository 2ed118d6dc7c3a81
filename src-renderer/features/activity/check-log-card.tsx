import { Alert, Button } from '@mantine/core';
import { IconCircleCheck, IconShieldX } from '@tabler/icons-react';
import type { LogSegmentState, LogVerifyView } from '../../../shared/contract/log-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useSession } from '../../state/session.ts';
import type { HostJob } from '../../state/use-host-job.ts';
import { useHostJob } from '../../state/use-host-job.ts';
import card from '../../ui/card.module.css';
import { CheckProgress } from '../../ui/check-progress.tsx';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import facts from '../../ui/facts.module.css';
import { exactTime, formatCount, plural } from '../../ui/format.ts';
import badge from '../../ui/state-badge.module.css';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import text from '../../ui/text.module.css';
import styles from './activity.module.css';

const words = texts.activity.check;
const job: HostJob<'log.verifying'> = {
  event: 'log.verifying',
  status: api.log.verifyStatus,
  start: api.log.verify,
  cancel: api.log.cancelVerify,
};

/** Reads the whole log and says of each part whether it is as its gateway wrote it. */
export function CheckLogCard() {
  const { view, problem, start, cancel } = useHostJob(job);
  const isAdmin = useSession(({ session }) => session?.operator?.role === 'admin');
  const isRunning = view?.state === 'running';
  return (
    <section className={card.card} aria-labelledby="check-log">
      <header className={card.head}>
        <h2 id="check-log">{words.title}</h2>
        <Button size="xs" variant="default" onClick={isRunning ? cancel : start}>
          {isRunning ? words.cancel : words.button}
        </Button>
      </header>
      <div className={cx(card.body, styles.lines)} aria-live="polite">
        <p className={text.quiet}>
          {words.lead} {isAdmin ? words.asAdmin : words.asOther}
        </p>
        {problem !== undefined && <ErrorAlert error={problem} />}
        {view !== undefined && <Outcome view={view} />}
      </div>
      {view?.state === 'done' && view.problems.length > 0 && <Problems view={view} />}
    </section>
  );
}

/** What somebody or something changed or took away. */
const grave = ['tampered', 'missing', 'damaged'] as const;
const order: readonly LogSegmentState[] = [...grave, 'not-closed', 'open', 'whole', 'retired'];

function Outcome({ view }: { readonly view: LogVerifyView }) {
  const { state, checked, total, counts } = view;
  switch (state) {
    case 'idle':
      return null;
    case 'running':
      return (
        <CheckProgress
          label={words.checked}
          done={checked}
          total={total}
          words={words.progress(formatCount(checked), plural(total, words.part))}
        />
      );
    case 'cancelled':
      return <p className={cx(text.small, text.quiet)}>{words.cancelled(plural(checked, words.part))}</p>;
    case 'failed':
      return (
        <Alert color="red" icon={<IconShieldX size={18} />} title={words.failed} role="alert">
          {view.problem}
        </Alert>
      );
    case 'done': {
      const wrong = grave.filter((one) => counts[one] > 0).map((one) => words.wrong(counts[one], one));
      if (total === 0 && wrong.length === 0) return <p>{words.nothing}</p>;
      return (
        <>
          {wrong.length === 0 ? (
            <Alert color="teal" icon={<IconCircleCheck size={18} />} title={words.asWritten}>
              <Depth view={view} />
            </Alert>
          ) : (
            <Alert
              color="red"
              icon={<IconShieldX size={18} />}
              title={words.notAsWritten(texts.grammar.listed(wrong))}
              role="alert"
            >
              {words.whatNow} <Depth view={view} />
            </Alert>
          )}
          <dl className={facts.facts}>
            {order
              .filter((one) => counts[one] > 0)
              .map((one) => (
                <div key={one} className={facts.pair}>
                  <dt>{words.states[one]}</dt>
                  <dd>
                    {formatCount(counts[one])} <span className={text.quiet}>{words.meaning[one]}</span>
                  </dd>
                </div>
              ))}
          </dl>
        </>
      );
    }
  }
}

/** How much the check could see. */
function Depth({ view: { total, rows, macsChecked, unknownSigner } }: { readonly view: LogVerifyView }) {
  return [
    words.read(plural(total, words.part), plural(rows, words.row)),
    macsChecked === 0 ? words.macsNone : macsChecked === total ? words.macsAll : words.macsSome(macsChecked),
    ...(unknownSigner === 0 ? [] : [words.unknownSigner(unknownSigner)]),
  ].join(' ');
}

type Problem = LogVerifyView['problems'][number];

/** `<gateway>.<run>.<n>`. */
const nameText = (segment: string): string => {
  const [, run, n] = segment.split('.');
  return words.named(Number(n), exactTime(Number(run)));
};
const columns: readonly Column<Problem>[] = [
  {
    id: 'part',
    title: words.segment,
    priority: 0,
    width: 14,
    grow: 1,
    value: ({ segment }) => segment,
    cell: ({ segment }) => (
      <span className={text.twoLines}>
        <span>{nameText(segment)}</span>
        <span className={text.mono}>{segment}</span>
      </span>
    ),
  },
  {
    id: 'state',
    title: words.state,
    priority: 1,
    width: 7,
    grow: 0.2,
    value: ({ state }) => words.states[state],
    cell: ({ state }) => (
      <span className={badge.state} data-tone={grave.some((one) => one === state) ? 'bad' : 'soon'}>
        {words.states[state]}
      </span>
    ),
  },
  {
    id: 'what',
    title: words.what,
    priority: 2,
    width: 14,
    grow: 2,
    value: ({ what }) => what.join(' '),
    cell: ({ what }) => <span className={text.wrap}>{what.join(' ')}</span>,
  },
];

function Problems({ view: { problems, problemCount } }: { readonly view: LogVerifyView }) {
  return (
    <>
      <div className={styles.tall}>
        <DataTable
          label={words.list}
          columns={columns}
          rows={{ total: problems.length, at: (index) => problems[index] }}
          rowId={({ segment }) => segment}
          rowName={({ segment }) => nameText(segment)}
        />
      </div>
      {problemCount > problems.length && (
        <p className={styles.note}>{words.more(problemCount - problems.length)}</p>
      )}
    </>
  );
}
