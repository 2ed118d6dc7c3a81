/** How long a query may take, and how much it may hold. Asked between steps. */
import { LatchkeyError } from '../../../shared/errors.ts';

/** Of what is grouped before it is cut into a page: files of an environment, or holders of a file. */
const maxGroups = 500_000;

export type Limits = {
  /** @throws LatchkeyError LOG_QUERY_TOO_SLOW */
  readonly assertInTime: () => void;
  /** @throws LatchkeyError LOG_QUERY_TOO_LARGE */
  readonly assertFits: (groups: number) => void;
};

export const tooSlow = (seconds: number): LatchkeyError =>
  new LatchkeyError('LOG_QUERY_TOO_SLOW', ['logTooSlow', seconds], { details: { seconds } });

export const tooLarge = (): LatchkeyError =>
  new LatchkeyError('LOG_QUERY_TOO_LARGE', ['logTooLarge', maxGroups], { details: { maxGroups } });

/** @param forMs from now on */
export function limitsFor(forMs: number): Limits {
  const endsAt = performance.now() + forMs;
  return {
    assertInTime: () => {
      if (performance.now() > endsAt) throw tooSlow(Math.round(forMs / 1000));
    },
    assertFits: (groups) => {
      if (groups > maxGroups) throw tooLarge();
    },
  };
}
