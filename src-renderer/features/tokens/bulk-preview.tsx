import type { BulkPlan } from '../../../shared/contract/bulk-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import plain from '../../ui/plain-table.module.css';
import text from '../../ui/text.module.css';
import styles from './tokens.module.css';

const words = texts.bulk;

/** What an act would change now, and why the rest stays as it is. */
export function BulkPreview({ plan }: { readonly plan: BulkPlan | undefined }) {
  if (plan === undefined) {
    return (
      <p className={text.quiet} role="status">
        {words.counting}
      </p>
    );
  }
  const { changes, selected, skipped, sample } = plan;
  return (
    <div>
      <div role="status">
        <p className={text.strong}>{words.changes(changes, selected)}</p>
        {skipped.length > 0 && (
          <>
            <p className={text.quiet}>{words.staysTitle}</p>
            <ul className={styles.skips}>
              {skipped.map(({ why, count }) => (
                <li key={why}>{words.skip(why, count)}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      {sample.length > 0 && (
        <div className={styles.preview} tabIndex={0} role="region" aria-label={words.preview}>
          <table className={plain.table} aria-label={words.preview}>
            <thead className={text.hidden}>
              <tr>
                <th scope="col">{texts.tokenTable.holder}</th>
                <th scope="col">{texts.tokenTable.team}</th>
                <th scope="col">{texts.tokenTable.state}</th>
              </tr>
            </thead>
            <tbody>
              {sample.map((token) => (
                <tr key={token.id}>
                  <td>
                    {token.holder.name} <span className={text.mono}>lk-{token.id}</span>
                  </td>
                  <td className={text.quiet}>
                    {token.teamName} · {token.environmentName}
                  </td>
                  <td>
                    <StateBadge state={token.state} rotatedTo={token.rotatedTo} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {changes > sample.length && <p className={text.quiet}>{words.more(changes - sample.length)}</p>}
        </div>
      )}
    </div>
  );
}
