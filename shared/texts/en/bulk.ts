/** Acts on one token or several: what they do, what they would change, what they did. */
import type { BulkSkip } from '../../contract/bulk-views.ts';
import { formatCount } from '../format.ts';
import { plural } from './grammar.ts';

const tokens = (count: number): string => plural(count, 'token');

const skips: Readonly<Record<BulkSkip, (count: number) => string>> = {
  gone: (count) => `${formatCount(count)} no longer exist`,
  revoked: (count) => `${formatCount(count)} ${count === 1 ? 'is' : 'are'} revoked`,
  expired: (count) => `${formatCount(count)} ${count === 1 ? 'has' : 'have'} expired`,
  replaced: (count) => `${formatCount(count)} ${count === 1 ? 'was' : 'were'} replaced already`,
  same: (count) => `${formatCount(count)} ${count === 1 ? 'is' : 'are'} like that already`,
  'no-channel-left': (count) => `${formatCount(count)} would have no channel left; revoke them instead`,
  'no-network-left': (count) => `${formatCount(count)} would have no network left; revoke them instead`,
  'too-many-networks': (count) => `${formatCount(count)} would have too many networks`,
  'ends-before-begin': (count) => `${formatCount(count)} would end before they began`,
  policy: (count) => `A policy does not allow it for ${formatCount(count)}`,
  channel: (count) => `${formatCount(count)} have a channel that is not available in their environment`,
};

export const bulk = {
  verbs: { revoke: 'Revoke', rotate: 'Rotate', narrow: 'Narrow', note: 'Set note on' },
  buttons: { revoke: 'Revoke…', rotate: 'Rotate…', narrow: 'Narrow…', note: 'Note…' },
  titles: {
    revoke: (count: number): string => (count === 1 ? 'Revoke token' : 'Revoke tokens'),
    rotate: (count: number): string => (count === 1 ? 'Rotate token' : 'Rotate tokens'),
    narrow: (count: number): string => (count === 1 ? 'Narrow token' : 'Narrow tokens'),
    note: (count: number): string => (count === 1 ? 'Set note' : 'Set notes'),
  },
  leads: {
    revoke: (count: number): string =>
      `${count === 1 ? 'This token stops' : 'These tokens stop'} working within a second. This can’t be undone; a holder who needs access again gets a new token.`,
    rotate: () =>
      'Each holder gets a new token with the same team, environment and channels. The old ones work until the overlap ends.',
    narrow: () => 'Takes rights away and never adds any. The secrets stay the same.',
    note: () => 'Replaces the note. The tokens work as before.',
  },
  tokens,
  reason: 'Reason',
  reasonHint: 'Shown to the client and recorded in the audit log.',
  reasonExample: 'Left the team',
  overlap: 'Overlap',
  overlapHint: 'How long both work. 0 ends the old ones at once.',
  days: ' days',
  lifetime: 'Lifetime of the new tokens',
  removeChannels: 'Take channels away',
  removeChannelsHint: 'From every token that has them.',
  networks: 'Only from these networks',
  networksHint:
    'A token that is limited already keeps what both have in common. Enter or a comma after each.',
  lastDay: 'Last day',
  lastDayHint: 'Tokens that end earlier stay as they are.',
  note: 'Note',
  noteHint: 'Leave it empty to remove the notes.',
  preview: 'What changes',
  counting: 'Counting…',
  changes: (changes: number, selected: number): string =>
    selected === 1
      ? changes === 1
        ? 'Changes this token.'
        : 'Changes nothing.'
      : `Changes ${formatCount(changes)} of ${tokens(selected)}.`,
  staysTitle: 'The others stay as they are:',
  skip: (why: BulkSkip, count: number): string => skips[why](count),
  more: (count: number): string => `… and ${formatCount(count)} more.`,
  tooMany: (most: number): string => `At most ${formatCount(most)} at once. Narrow the selection.`,
  nothingYet: 'Choose what to take away first.',
  numbersWrong: 'Enter whole numbers of days.',
  nothingChanges: 'Nothing would change.',
  reasonMissing: 'Enter a reason.',
  submit: (verb: string, what: string): string => `${verb} ${what}`,
  done: {
    revoke: (count: number): string => `Revoked ${tokens(count)}.`,
    rotate: (count: number): string => `Rotated ${tokens(count)}.`,
    narrow: (count: number): string => `Narrowed ${tokens(count)}.`,
    note: (count: number): string => `Set the note of ${tokens(count)}.`,
  },
  issued: {
    title: (count: number): string => `${tokens(count)} rotated`,
    lead: 'These new tokens are shown this one time. Save them as a file, or copy each, and hand them over.',
    table: 'New tokens',
    holder: 'Holder',
    replaces: 'Replaces',
    token: 'Token',
    copy: (holder: string): string => `token of ${holder}`,
    save: 'Save as CSV…',
    saveTitle: 'Save new tokens as a file',
    saveText: (count: number): string =>
      `${tokens(count)} with their secrets. Delete the file when they are handed over.`,
    done: 'Done',
    askTitle: 'Close without saving?',
    askText: 'These tokens can’t be shown again. You would have to rotate them once more.',
    closeAnyway: 'Close anyway',
    goBack: 'Go back',
  },
};
