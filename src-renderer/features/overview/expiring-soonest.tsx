import { IconKey } from '@tabler/icons-react';
import { navigate, routeHash } from '../../state/route.ts';
import { useSummary } from '../../state/summary.ts';
import { EmptyState, SkeletonRows } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { useNow } from '../../ui/use-now.ts';

/** The tokens that end next, so that nobody learns it from a failed build. */
export function ExpiringSoonest() {
  const { expiringSoonest, countByState } = useSummary();
  const nowMs = useNow();
  return (
    <section className="lk-card" aria-labelledby="expiring-soonest">
      <header className="lk-card-head">
        <h2 id="expiring-soonest">Expiring soonest</h2>
        <a href={routeHash('tokens')} className="lk-small">
          All tokens
        </a>
      </header>
      {countByState === undefined ? (
        <SkeletonRows />
      ) : expiringSoonest.length === 0 ? (
        <EmptyState
          icon={<IconKey size={24} />}
          title="No active tokens"
          text="Tokens that end next are listed here."
        />
      ) : (
        <table className="lk-table" aria-labelledby="expiring-soonest">
          <thead>
            <tr>
              <th scope="col">Holder</th>
              <th scope="col" style={{ width: '32%' }}>
                Environment
              </th>
              <th scope="col" style={{ width: 112 }}>
                State
              </th>
              <th scope="col" style={{ width: 112 }}>
                Expires
              </th>
            </tr>
          </thead>
          <tbody>
            {expiringSoonest.map((token) => (
              <tr key={token.id}>
                <td>
                  <button
                    type="button"
                    className="lk-row-button"
                    onClick={() => navigate('tokens', token.id)}
                  >
                    {token.holder.name}
                  </button>
                </td>
                <td className="lk-nowrap lk-quiet">
                  {token.teamName} · {token.environmentName}
                </td>
                <td>
                  <StateBadge state={token.state} />
                </td>
                <td className="lk-nowrap">
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
