import type { ReactNode } from 'react';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import type { TokenId } from '../../../shared/model/ids.ts';
import { exactTime, relativeTime } from '../../ui/format.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { StateBadge } from '../../ui/state-badge.tsx';

const words = texts.tokens.facts;

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
    [words.state, <StateBadge key="state" state={token.state} rotatedTo={token.rotatedTo} />],
    ...(token.revoked
      ? ([
          [words.revoked, time(token.revoked.atMs)],
          [words.reason, token.revoked.reason],
        ] as const)
      : []),
    [
      words.holder,
      <span key="holder" style={{ display: 'flex', alignItems: 'center', gap: 6 }}>
        {token.holder.name} ({texts.tokens.holderKinds[token.holder.kind]})
        <Tooltip label={words.rename}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={words.renameHolder(token.holder.name)}
            onClick={props.onRename}
          >
            <IconPencil size={15} />
          </ActionIcon>
        </Tooltip>
      </span>,
    ],
    [words.team, token.teamName],
    [words.environment, token.environmentName],
    [words.channels, token.channelNames.join(', ')],
    [words.permission, words.permissions[token.permission]],
    [
      words.networks,
      token.networks === 'anywhere' ? (
        words.anywhere
      ) : (
        <span className="lk-mono">{token.networks.join(', ')}</span>
      ),
    ],
    [words.issued, words.by(exactTime(token.issuedAtMs), token.issuedByName)],
    ...(token.notBeforeMs === undefined ? [] : ([[words.validFrom, time(token.notBeforeMs)]] as const)),
    // One that was revoked ends no more: when it would have is not shown as if it still mattered.
    [
      texts.tokens.endLabel(token.state),
      token.revoked === undefined ? time(token.expiresAtMs) : exactTime(token.expiresAtMs),
    ],
    ...(token.rotatedFrom === undefined ? [] : ([[words.replaces, link(token.rotatedFrom)]] as const)),
    ...(token.rotatedTo === undefined ? [] : ([[words.replacedBy, link(token.rotatedTo)]] as const)),
    ...(token.note === '' ? [] : ([[words.note, token.note]] as const)),
  ];
  return (
    <dl className="lk-facts" aria-label={words.label}>
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
