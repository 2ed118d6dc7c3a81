import type { TokenUsage } from '../../../shared/contract/token-views.ts';
import { exactTime, formatBytes, formatCount, relativeTime } from '../../ui/format.ts';

/** Which clients use a token, from where; during a rotation it tells who still has the old one. */
export function TokenUsageView(props: { readonly usage: TokenUsage | undefined; readonly nowMs: number }) {
  const { usage, nowMs } = props;
  return (
    <section aria-labelledby="token-usage">
      <h2 id="token-usage" style={{ fontSize: '0.875rem', fontWeight: 600, marginBottom: 8 }}>
        Usage
      </h2>
      {usage === undefined ? (
        <p className="lk-quiet">Not used yet. After the first install, clients and addresses stand here.</p>
      ) : (
        <>
          <dl className="lk-facts">
            <dt>Last used</dt>
            <dd>
              {relativeTime(usage.lastUsedAtMs, nowMs)} by {usage.lastClient} from{' '}
              <span className="lk-mono">{usage.lastAddress}</span>
            </dd>
            <dt>First used</dt>
            <dd>{exactTime(usage.firstUsedAtMs)}</dd>
            <dt>Requests</dt>
            <dd>
              {formatCount(usage.allowed)} allowed, {formatCount(usage.denied)} denied,{' '}
              {formatBytes(usage.bytes)} sent
            </dd>
          </dl>
          {usage.clients.length > 0 && (
            <table className="lk-table" aria-label="Clients" style={{ marginTop: 10 }}>
              <thead>
                <tr>
                  <th scope="col">Client</th>
                  <th scope="col">Address</th>
                  <th scope="col">Last seen</th>
                  <th scope="col" className="lk-number">
                    Requests
                  </th>
                </tr>
              </thead>
              <tbody>
                {usage.clients.map((entry) => (
                  <tr key={`${entry.client} ${entry.address}`}>
                    <td className="lk-nowrap">{entry.client}</td>
                    <td className="lk-mono lk-nowrap">{entry.address}</td>
                    <td className="lk-nowrap">{relativeTime(entry.lastAtMs, nowMs)}</td>
                    <td className="lk-number">{formatCount(entry.requests)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </section>
  );
}
