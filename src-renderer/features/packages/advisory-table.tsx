import type { AdvisoryView } from '../../../shared/contract/package-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { routeHash } from '../../state/route.ts';
import card from '../../ui/card.module.css';
import plain from '../../ui/plain-table.module.css';
import styles from './packages.module.css';

const words = texts.packagesScreen;

/** Advisories that affect the version that is shown. */
export function AdvisoryTable({ advisories }: { readonly advisories: readonly AdvisoryView[] }) {
  return (
    <section className={card.card}>
      <div className={card.head}>
        <h2 id="package-advisories">{words.advisories}</h2>
      </div>
      {advisories.length === 0 ? (
        <p className={styles.note}>{words.noAdvisories}</p>
      ) : (
        <div className={styles.scroll} role="region" tabIndex={0} aria-labelledby="package-advisories">
          <table className={plain.table}>
            <thead>
              <tr>
                <th scope="col">{words.advisory}</th>
                <th scope="col">{words.score}</th>
                <th scope="col">{words.fixedIn}</th>
                <th scope="col">{words.status}</th>
              </tr>
            </thead>
            <tbody>
              {advisories.map(({ id, score, isMalware, isExploited, fixedIn, status }) => (
                <tr key={id}>
                  <td>
                    <a href={routeHash('advisories', undefined, `show=all&search=${encodeURIComponent(id)}`)}>
                      {id}
                    </a>
                  </td>
                  <td>
                    {[
                      isMalware ? words.malware : score === undefined ? words.noScore : score.toFixed(1),
                      ...(isExploited ? [words.exploited] : []),
                    ].join(', ')}
                  </td>
                  <td>{fixedIn ?? '–'}</td>
                  <td>{status === undefined ? words.open : texts.policyEditor.statuses[status]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
