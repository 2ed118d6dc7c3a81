import type { FactsView } from '../../../shared/contract/curation-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import card from '../../ui/card.module.css';
import { formatCount } from '../../ui/format.ts';
import plain from '../../ui/plain-table.module.css';
import styles from './facts.module.css';

const words = texts.curation.facts;

/** How many advisories there are, and how many say nothing about how severe they are. */
export function Counts({ counts }: Pick<FactsView, 'counts'>) {
  return (
    <section className={card.card}>
      <div className={card.head}>
        <h2 id="facts-counts">{words.counts}</h2>
      </div>
      {counts.length > 0 && (
        <div className={styles.scroll} role="region" tabIndex={0} aria-labelledby="facts-counts">
          <table className={plain.table}>
            <thead>
              <tr>
                <th scope="col">{words.ecosystem}</th>
                <th scope="col">{words.advisories}</th>
                <th scope="col">{words.withoutScore}</th>
                <th scope="col">{words.malware}</th>
              </tr>
            </thead>
            <tbody>
              {counts.map(({ ecosystem, advisories, withoutScore, malware }) => (
                <tr key={ecosystem}>
                  <td>{words.ecosystems[ecosystem]}</td>
                  <td>{formatCount(advisories)}</td>
                  <td>{words.withoutScoreOf(formatCount(withoutScore), formatCount(advisories))}</td>
                  <td>{formatCount(malware)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={styles.note}>
        {words.scoreHint} {words.noCuration}
      </p>
    </section>
  );
}
