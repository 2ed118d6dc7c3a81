import type { ReactNode } from 'react';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPencil, IconReplace } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import type { TokenId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { hashTo, routeHash } from '../../state/route.ts';
import facts from '../../ui/facts.module.css';
import { exactTime, relativeTime } from '../../ui/format.ts';
import layout from '../../ui/layout.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import text from '../../ui/text.module.css';

const words = texts.tokens.facts;
const page = texts.tokenPage;

/** What was decided about a token when it was issued, changed, rotated or revoked. */
export function TokenFacts(props: {
  readonly token: TokenView;
  readonly nowMs: number;
  readonly onRename: () => void;
  /** Absent where the token cannot be changed any more. */
  readonly onEdit: (() => void) | undefined;
}) {
  const { token, nowMs } = props;
  const time = (atMs: number) => `${exactTime(atMs)} (${relativeTime(atMs, nowMs)})`;
  const link = (id: TokenId) => (
    <a className={text.mono} href={hashTo('tokens', id)}>
      lk-{id}
    </a>
  );
  const entries: readonly (readonly [string, ReactNode])[] = [
    [words.state, <StateBadge key="state" state={token.state} rotatedTo={token.rotatedTo} />],
    ...(token.revoked
      ? ([
          [words.revoked, time(token.revoked.atMs)],
          [words.reason, token.revoked.reason],
        ] as const)
      : []),
    [
      words.holder,
      <span key="holder" className={layout.row}>
        <span>
          <a href={routeHash('holders', token.holder.id)}>{token.holder.name}</a> (
          {texts.tokens.holderKinds[token.holder.kind]})
        </span>
        <Pencil what={words.rename} label={words.renameHolder(token.holder.name)} onClick={props.onRename} />
        {props.onEdit && (
          <Pencil
            what={page.changeHolder}
            label={page.changeHolder}
            Icon={IconReplace}
            onClick={props.onEdit}
          />
        )}
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
        <span className={text.mono}>{token.networks.join(', ')}</span>
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
    [
      words.note,
      <span key="note" className={layout.row}>
        {token.note || '–'}
        {props.onEdit && <Pencil what={page.editNote} label={page.editNote} onClick={props.onEdit} />}
      </span>,
    ],
  ];
  return (
    <dl className={facts.facts} aria-label={words.label}>
      {entries.map(([name, value]) => (
        <div key={name} className={facts.pair}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Pencil(props: {
  readonly what: string;
  readonly label: string;
  readonly Icon?: typeof IconPencil;
  readonly onClick: () => void;
}) {
  const { Icon = IconPencil } = props;
  return (
    <Tooltip label={props.what}>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={props.label} onClick={props.onClick}>
        <Icon size={15} />
      </ActionIcon>
    </Tooltip>
  );
}
