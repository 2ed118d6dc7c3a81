import styles from './config-report.module.css';
import { Badge } from '@mantine/core';
import type { DoctorReport } from '../../../shared/contract/doctor-views.ts';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.configReport;

const levels = {
  problem: { color: 'red', text: words.problem },
  warning: { color: 'yellow', text: words.warning },
  info: { color: 'gray', text: words.note },
} as const;

/** What a configuration makes its client do: what it asks in which order, what is wrong, where its token goes. */
export function ConfigReport(props: { readonly report: DoctorReport }) {
  const { asks, findings, leaks } = props.report;
  return (
    <div className={styles.report}>
      {asks.length > 0 && (
        <>
          <h3>{words.itAsksInThis}</h3>
          <ol>
            {asks.map((ask) => (
              <li key={`${ask.url} ${ask.note ?? ''}`}>
                <span className={text.mono}>{ask.url}</span>{' '}
                {!ask.throughGateway && <Badge color="red">{words.pastTheGateway}</Badge>}
                {ask.note !== undefined && <span className={cx(text.quiet, text.small)}> {ask.note}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
      {findings.length > 0 && (
        <ul aria-label={words.findings}>
          {findings.map((finding) => (
            <li key={finding.text}>
              <Badge color={levels[finding.level].color}>{levels[finding.level].text}</Badge>{' '}
              <span className={text.small}>{finding.text}</span>
            </li>
          ))}
        </ul>
      )}
      {leaks.length > 0 && (
        <p className={text.small}>
          {words.theTokenOfThis}
          <span className={text.mono}>{leaks.map((leak) => leak.where).join(', ')}</span>
        </p>
      )}
    </div>
  );
}
