import { useState } from 'react';
import { SegmentedControl } from '@mantine/core';
import { IconBroadcast } from '@tabler/icons-react';
import type { GatewayView } from '../../../shared/contract/gateway-views.ts';
import { navigate } from '../../state/route.ts';
import { clockTime, exactTime } from '../../ui/format.ts';
import { EmptyState } from '../../ui/page.tsx';

type Request = GatewayView['recent'][number];
const looks = {
  allow: { tone: 'good', label: 'Allow' },
  deny: { tone: 'bad', label: 'Deny' },
  error: { tone: 'soon', label: 'Error' },
} as const;

/** The newest requests as they come in. Paths stand here without the token. */
export function RequestTable(props: { readonly requests: readonly Request[]; readonly running: boolean }) {
  const [only, setOnly] = useState('all');
  const shown = props.requests.filter((request) => only === 'all' || request.outcome !== 'allow');
  return (
    <section className="lk-card" aria-labelledby="recent" style={{ marginTop: 12 }}>
      <header className="lk-card-head" style={{ padding: '8px 12px 8px 16px' }}>
        <h2 id="recent">Latest requests</h2>
        <SegmentedControl
          size="xs"
          aria-label="Which requests"
          value={only}
          onChange={setOnly}
          data={[
            { value: 'all', label: 'All' },
            { value: 'refused', label: 'Refused' },
          ]}
        />
      </header>
      {shown.length === 0 ? (
        <EmptyState
          icon={<IconBroadcast size={24} />}
          title={only === 'all' ? 'No requests yet' : 'Nothing was refused'}
          text={
            props.running
              ? 'Requests of conda, pixi, pip and uv appear here within a second.'
              : 'Start the gateway to let clients install.'
          }
        />
      ) : (
        <table className="lk-table" aria-labelledby="recent">
          <thead>
            <tr>
              <th scope="col" style={{ width: 98 }}>
                Time
              </th>
              <th scope="col" style={{ width: 118 }}>
                Decision
              </th>
              <th scope="col">Request</th>
              <th scope="col" style={{ width: '24%' }}>
                Reason
              </th>
              <th scope="col" style={{ width: 120 }}>
                Client
              </th>
              <th scope="col" style={{ width: 120 }}>
                Token
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((request, index) => (
              <RequestRow key={`${request.atMs}-${request.path}-${index}`} request={request} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function RequestRow({ request }: { readonly request: Request }) {
  const { tokenId } = request;
  return (
    <tr>
      <td className="lk-small lk-quiet" title={exactTime(request.atMs)}>
        {clockTime(request.atMs)}
      </td>
      <td>
        <span className="lk-state" data-tone={looks[request.outcome].tone}>
          {looks[request.outcome].label} {request.status}
        </span>
      </td>
      <td className="lk-mono lk-nowrap" title={`${request.method} ${request.path}`}>
        {request.method !== 'GET' && <span className="lk-quiet">{request.method} </span>}
        {request.path}
      </td>
      <td className="lk-small lk-nowrap" title={request.reason}>
        {request.reason || <span className="lk-quiet">–</span>}
      </td>
      <td className="lk-small">
        <div className="lk-two-lines">
          <span className="lk-nowrap">{request.client || '–'}</span>
          <span>{request.address}</span>
        </div>
      </td>
      <td>
        {tokenId === undefined ? (
          <span className="lk-quiet">–</span>
        ) : (
          <button type="button" className="lk-row-button lk-mono" onClick={() => navigate('tokens', tokenId)}>
            lk-{tokenId}
          </button>
        )}
      </td>
    </tr>
  );
}
