import { memo } from 'react';
import { Checkbox } from '@mantine/core';
import { IconRobot, IconServer2, IconUser } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { navigate } from '../../state/route.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';

/** Fixed, so that the table knows where each of 100,000 rows is without having it. Pixels. */
export const tokenRowHeight = 50;
const holderIcons = { person: IconUser, service: IconServer2, agent: IconRobot } as const;

export const TokenRow = memo(function TokenRow(props: {
  readonly token: TokenView;
  readonly index: number;
  readonly nowMs: number;
  readonly selected: boolean;
  readonly onSelect: (tokens: readonly TokenView[], selected: boolean) => void;
}) {
  const { token, nowMs } = props;
  const Icon = holderIcons[token.holder.kind];
  return (
    <tr
      style={{ height: tokenRowHeight }}
      aria-rowindex={props.index + 2}
      data-selected={props.selected || undefined}
      data-token-id={token.id}
    >
      <td>
        <Checkbox
          size="xs"
          aria-label={`Select lk-${token.id}`}
          checked={props.selected}
          onChange={(event) => props.onSelect([token], event.currentTarget.checked)}
        />
      </td>
      <td>
        <div style={{ display: 'flex', alignItems: 'center', gap: 9, minWidth: 0 }}>
          <Icon
            size={16}
            color="var(--lk-quiet)"
            role="img"
            aria-label={token.holder.kind}
            style={{ flex: 'none' }}
          />
          <div className="lk-two-lines" style={{ minWidth: 0 }}>
            <button type="button" className="lk-row-button" onClick={() => navigate('tokens', token.id)}>
              {token.holder.name}
            </button>
            <span className="lk-mono lk-nowrap">lk-{token.id}</span>
          </div>
        </div>
      </td>
      <td className="lk-nowrap">{token.teamName}</td>
      <td className="lk-nowrap">{token.environmentName}</td>
      <td className="lk-nowrap lk-quiet lk-wide-only" title={token.channelNames.join(', ')}>
        {token.channelNames.join(', ')}
      </td>
      <td>
        <StateBadge state={token.state} />
      </td>
      <td className="lk-nowrap">
        {token.state === 'revoked' ? '–' : <RelativeTime atMs={token.expiresAtMs} nowMs={nowMs} />}
      </td>
      <td>
        {token.usage === undefined ? (
          <span className="lk-quiet">Never</span>
        ) : (
          <div className="lk-two-lines">
            <span className="lk-nowrap">
              <RelativeTime atMs={token.usage.lastUsedAtMs} nowMs={nowMs} />
            </span>
            <span className="lk-nowrap">{token.usage.lastClient}</span>
          </div>
        )}
      </td>
    </tr>
  );
});
