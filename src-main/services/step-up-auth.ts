/**
 * A session that the keychain unlocked proves that the computer is there, not the operator. So the acts that hurt most
 * ask for the passphrase again; having typed it counts for a few minutes. Invariant: what is counted is counted over the
 * whole session, however many calls it is split into, and only a passphrase that was right starts the count anew.
 */
import { LatchkeyError } from '../../shared/errors.ts';

/** Long enough to finish what one came for, short enough that a computer left alone does not keep it. */
const stepUpMs = 5 * 60_000;

/** How much of each a session may do before the passphrase is asked for; the next one asks. */
export const freeActs = {
  /** From this many on, revoking is an outage if it is the wrong click. */
  revoke: 9,
  /** Tokens that a computer left alone could hand out, rotated ones included. */
  issue: 9,
} as const;
export type CountedAct = keyof typeof freeActs;

export type StepUpAuth = {
  readonly noteUnattended: () => void;
  readonly isByKeychain: () => boolean;
  /** A right passphrase was typed. */
  readonly notePassphrase: () => void;
  /** The vault was locked: nothing typed before counts. */
  readonly forget: () => void;
  /** @throws LatchkeyError PASSPHRASE_REQUIRED when the passphrase has to be typed for `act` ("to revoke 12 tokens"). */
  readonly requirePassphrase: (act: string) => void;
  /**
   * Counts so many acts of a kind, before they happen.
   * @throws LatchkeyError PASSPHRASE_REQUIRED when there were more than a session may do
   */
  readonly count: (kind: CountedAct, count: number, act: string) => void;
};

/** @param now milliseconds since the epoch */
export function createStepUpAuth(now: () => number): StepUpAuth {
  let byKeychain = false;
  let typedAtMs: number | undefined;
  let done = { revoke: 0, issue: 0 };
  const startOver = (): void => {
    typedAtMs = undefined;
    done = { revoke: 0, issue: 0 };
  };
  const requirePassphrase = (act: string): void => {
    if (!byKeychain) return;
    const age = typedAtMs === undefined ? Number.POSITIVE_INFINITY : now() - typedAtMs;
    if (age >= 0 && age < stepUpMs) return;
    throw new LatchkeyError('PASSPHRASE_REQUIRED', ['passphraseFor', act]);
  };
  return {
    noteUnattended: () => {
      // What was counted stays: the keychain can be asked again while the session is open.
      byKeychain = true;
      typedAtMs = undefined;
    },
    isByKeychain: () => byKeychain,
    notePassphrase: () => {
      startOver();
      typedAtMs = now();
    },
    forget: () => {
      byKeychain = false;
      startOver();
    },
    requirePassphrase,
    count: (kind, count, act) => {
      if (!byKeychain) return;
      if (done[kind] + count > freeActs[kind]) requirePassphrase(act);
      done[kind] += count;
    },
  };
}
