import type { HolderKind, TokenState } from '../../model/domain.ts';
import { relativeTime } from './grammar.ts';

/** What a token's words need to know of it. */
type Standing = {
  readonly state: TokenState;
  readonly expiresAtMs: number;
  readonly revoked?: { readonly atMs: number } | undefined;
  readonly rotatedTo?: string | undefined;
};

const states: Readonly<Record<TokenState, string>> = {
  requested: 'Requested',
  active: 'Active',
  expiring: 'Expiring',
  expired: 'Expired',
  revoked: 'Revoked',
};

const holderKinds: Readonly<Record<HolderKind, string>> = {
  person: 'person',
  service: 'service',
  agent: 'agent',
};

const sinceThen = (time: string): string => (time === 'now' ? 'just now' : time);

export const tokens = {
  states,
  holderKinds,
  /** Of one whose successor is there and that works during the overlap only. */
  replaced: 'Replaced',
  /** The state as a person reads it: one that was replaced is not just expiring. */
  state: ({ state, rotatedTo }: Pick<Standing, 'state' | 'rotatedTo'>): string =>
    rotatedTo !== undefined && state === 'expiring' ? 'Replaced' : states[state],
  /** What becomes of it, and when: `in 90 days`, `ended 3 hours ago`; a revoked one ends no more. */
  end: ({ state, expiresAtMs, revoked }: Standing, nowMs: number): string => {
    if (state === 'revoked')
      return revoked === undefined ? 'revoked' : `revoked ${sinceThen(relativeTime(revoked.atMs, nowMs))}`;
    return relativeTime(expiresAtMs, nowMs);
  },
  /** The name of the fact. */
  endLabel: (state: TokenState): string =>
    state === 'revoked' ? 'Was valid until' : state === 'expired' ? 'Expired' : 'Expires',
  facts: {
    label: 'Facts',
    state: 'State',
    revoked: 'Revoked',
    reason: 'Reason',
    holder: 'Holder',
    rename: 'Rename',
    renameHolder: (name: string): string => `Rename ${name}`,
    team: 'Team',
    environment: 'Environment',
    channels: 'Channels',
    permission: 'Permission',
    permissions: { install: 'Install' },
    networks: 'Networks',
    anywhere: 'Anywhere',
    issued: 'Issued',
    by: (time: string, name: string): string => `${time} by ${name}`,
    validFrom: 'Valid from',
    replaces: 'Replaces',
    replacedBy: 'Replaced by',
    note: 'Note',
  },
  rotate: {
    title: (id: string): string => `Rotate lk-${id}`,
    submit: 'Rotate',
    before: (holder: string): string =>
      `${holder} gets a new token with the same team, environment and channels. Both work until `,
    after:
      ', so that nothing breaks while configurations are replaced. The old token’s usage shows who still uses it.',
    overlap: 'Overlap',
    overlapHelp: 'How long both work. 0 ends the old token at once.',
    days: ' days',
    lifetime: 'Lifetime of the new token',
  },
  gone: {
    thisEnvironment: 'this environment',
    holder: '(unknown holder)',
    team: '(removed team)',
    environment: '(removed environment)',
    channel: '(removed channel)',
    operator: '(removed operator)',
  },
};
