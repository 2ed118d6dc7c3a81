import type { BulkAct, BulkQuestion } from '../../../shared/contract/bulk-views.ts';
import { limits, usual } from '../../../shared/model/domain.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { hoursPerDay } from '../../../shared/model/time.ts';
import type { TypedNumber } from '../../ui/form/number-field.tsx';
import { numberProblem } from '../../ui/form/number-field.tsx';
import { endOfDayMs, longestTtlDays } from './lifetime.ts';

export type ActType = BulkAct['type'];

/** What the form of an act holds, whichever act it is. */
export type BulkForm = {
  readonly reason: string;
  readonly overlapDays: TypedNumber;
  readonly ttlDays: TypedNumber;
  readonly removeChannelIds: readonly ChannelId[];
  readonly networks: readonly string[];
  /** `YYYY-MM-DD` in local time. */
  readonly lastDay: string | undefined;
  readonly note: string;
};

export const emptyBulkForm: BulkForm = {
  reason: '',
  overlapDays: usual.overlapDays,
  ttlDays: usual.ttlDays,
  removeChannelIds: [],
  networks: [],
  lastDay: undefined,
  note: '',
};

/** What is asked of main for the preview; undefined while the form does not say enough. */
export function questionOf(type: ActType, form: BulkForm): BulkQuestion | undefined {
  switch (type) {
    case 'revoke':
      return { type };
    case 'note':
      return { type, note: form.note.trim() };
    case 'rotate': {
      const { overlapDays, ttlDays } = form;
      const isRight =
        numberProblem(overlapDays, { least: 0, most: limits.overlapDays }) === undefined &&
        numberProblem(ttlDays, { least: 1, most: longestTtlDays }) === undefined;
      return isRight
        ? { type, overlapHours: Number(overlapDays) * hoursPerDay, ttlDays: Number(ttlDays) }
        : undefined;
    }
    case 'narrow': {
      const { removeChannelIds, networks, lastDay } = form;
      if (removeChannelIds.length === 0 && networks.length === 0 && lastDay === undefined) return undefined;
      return {
        type,
        removeChannelIds: [...removeChannelIds],
        ...(networks.length === 0 ? {} : { networks: [...networks] }),
        ...(lastDay === undefined ? {} : { expiresAtMs: endOfDayMs(lastDay) }),
      };
    }
  }
}

/** What main is told to do; undefined while the form does not say enough. */
export function actOf(type: ActType, form: BulkForm): BulkAct | undefined {
  if (type !== 'revoke') return questionOf(type, form) as BulkAct | undefined;
  const reason = form.reason.trim();
  return reason === '' ? undefined : { type, reason };
}
