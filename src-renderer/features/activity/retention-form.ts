import type { Retention } from '../../../shared/model/log-keeping.ts';
import { defaultMaxGib } from '../../../shared/model/log-keeping.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { TypedNumber } from '../../ui/form/number-field.tsx';
import { numberProblem } from '../../ui/form/number-field.tsx';

const words = texts.activity.retention;

/** Days and GiB as they are typed. */
export type RetentionDraft = Readonly<Record<keyof Retention, TypedNumber>>;

export const draftOf = (saved: Retention): RetentionDraft => ({
  ...saved,
  maxGib: saved.maxGib ?? defaultMaxGib,
});

/** As the contract bounds them. */
export const retentionRanges = {
  rowsDays: { least: 1, most: 3650 },
  addressDays: { least: 1, most: 3650 },
  ciUserDays: { least: 1, most: 3650 },
  rollupDays: { least: 1, most: 36_500 },
  maxGib: { least: 1, most: 100_000 },
} as const;

/** Why nothing can be reckoned of it: a number out of range, or what is personal outliving its rows. */
export function retentionProblem(draft: RetentionDraft): string | undefined {
  for (const key of ['addressDays', 'ciUserDays', 'rowsDays', 'rollupDays', 'maxGib'] as const) {
    const problem = numberProblem(draft[key], retentionRanges[key]);
    if (problem !== undefined) return problem;
  }
  const { rowsDays, addressDays, ciUserDays, rollupDays } = retentionOf(draft);
  return Math.max(addressDays, ciUserDays) > rowsDays || rowsDays > rollupDays ? words.order : undefined;
}

/** @param draft one without a problem */
export const retentionOf = (draft: RetentionDraft): Required<Retention> => ({
  rowsDays: Number(draft.rowsDays),
  addressDays: Number(draft.addressDays),
  ciUserDays: Number(draft.ciUserDays),
  rollupDays: Number(draft.rollupDays),
  maxGib: Number(draft.maxGib),
});

/** What a shorter retention removes, in words. */
export function removedBy(saved: Retention, next: Retention): readonly string[] {
  return [
    ...(next.addressDays < saved.addressDays ? [words.olderAddresses(next.addressDays)] : []),
    ...(next.ciUserDays < saved.ciUserDays ? [words.olderUsers(next.ciUserDays)] : []),
    ...(next.rowsDays < saved.rowsDays ? [words.olderRows(next.rowsDays)] : []),
    ...(next.rollupDays < saved.rollupDays ? [words.olderSums(next.rollupDays)] : []),
  ];
}
