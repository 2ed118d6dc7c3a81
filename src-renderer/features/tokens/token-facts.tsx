import type { ReactNode } from 'react';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import type { TokenId } from '../../../shared/model/ids.ts';
import { exactTime, relativeTime } from '../../ui/format.ts';
import { StateBadge } from '../../ui/state-badge.tsx';

/** What was decided about a token when it was issued, changed, rotated or revoked. */
export function TokenFacts(props: {
  readonly token: TokenView;
  readonly nowMs: number;
  readonly onOpen: (id: TokenId) => void;
  readonly onRename: () => void;
}) {
  const { token, nowMs, onOpen } = props;
  const time = (atMs: number) => `${exactTime(atMs)} (${relativeTime(atMs, nowMs)})`;
  const link = (id: TokenId) => (
    <button type="button" className="lk-row-button lk-mono" onClick={() => onOpen(id)}>
      lk-{id}
    </button>
  );
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['State', <StateBadge key="state" state={token.state} />],
    ...(token.revoked
      ? ([
          ['Revoked', time(token.revoked.atMs)],
          ['Reason', token.revoked.reason],
        ] as const)
      : []),
    [
      'Holder',
      <span key="holder" style={{ display: 'flex', alignItems: 'center', gap: 6 }}>
        {token.holder.name} ({token.holder.kind})
        <Tooltip label="Rename">
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={`Rename ${token.holder.name}`}
            onClick={props.onRename}
          >
            <IconPencil size={15} />
          </ActionIcon>
        </Tooltip>
      </span>,
    ],
    ['Team', token.teamName],
    ['Environment', token.environmentName],
    ['Channels', token.channelNames.join(', ')],
    ['Permission', token.permission],
    [
      'Networks',
      token.networks === 'anywhere' ? (
        'From anywhere'
      ) : (
        <span className="lk-mono">{token.networks.join(', ')}</span>
      ),
    ],
    ['Issued', `${exactTime(token.issuedAtMs)} by ${token.issuedByName}`],
    ...(token.notBeforeMs === undefined ? [] : ([['Valid from', time(token.notBeforeMs)]] as const)),
    [token.expiresAtMs < nowMs ? 'Expired' : 'Expires', time(token.expiresAtMs)],
    ...(token.rotatedFrom === undefined ? [] : ([['Replaces', link(token.rotatedFrom)]] as const)),
    ...(token.rotatedTo === undefined ? [] : ([['Replaced by', link(token.rotatedTo)]] as const)),
    ...(token.note === '' ? [] : ([['Note', token.note]] as const)),
  ];
  return (
    <dl className="lk-facts" aria-label="Facts">
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
