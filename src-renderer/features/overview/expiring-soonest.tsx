import { IconKey } from '@tabler/icons-react';
import { navigate, routeHash } from '../../state/route.ts';
import styles from './expiring-soonest.module.css';
import { useSummary } from '../../state/summary.ts';
import { EmptyState, SkeletonRows } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { useNow } from '../../ui/use-now.ts';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import plain from '../../ui/plain-table.module.css';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.overview.expiringSoonest;

/** The tokens that end next, so that nobody learns it from a failed build. */
export function ExpiringSoonest() {
  const { expiringSoonest, countByState } = useSummary();
  const nowMs = useNow();
  return (
    <section className={card.card} aria-labelledby="expiring-soonest">
      <header className={card.head}>
        <h2 id="expiring-soonest">{words.expiringSoonest}</h2>
        <a href={routeHash('tokens')} className={text.small}>
          {words.allTokens}
        </a>
      </header>
      {countByState === undefined ? (
        <SkeletonRows />
      ) : expiringSoonest.length === 0 ? (
        <EmptyState
          icon={<IconKey size={24} />}
          title={words.noActiveTokens}
          text={words.tokensThatEndNext}
        />
      ) : (
        <table className={cx(plain.table, styles.tokens)} aria-labelledby="expiring-soonest">
          <thead>
            <tr>
              <th scope="col">{words.holder}</th>
              <th scope="col" className={styles.aside}>
                {words.environment}
              </th>
              <th scope="col" className={styles.state}>
                {words.state}
              </th>
              <th scope="col">{words.expires}</th>
            </tr>
          </thead>
          <tbody>
            {expiringSoonest.map((token) => (
              <tr key={token.id}>
                <td>
                  <button type="button" className={plain.open} onClick={() => navigate('tokens', token.id)}>
                    {token.holder.name}
                  </button>
                </td>
                <td className={cx(text.quiet, styles.aside)}>
                  {token.teamName} · {token.environmentName}
                </td>
                <td className={styles.state}>
                  <StateBadge state={token.state} />
                </td>
                <td>
                  <RelativeTime atMs={token.expiresAtMs} nowMs={nowMs} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
