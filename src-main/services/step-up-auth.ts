/**
 * A session that the keychain unlocked proves that the computer is there, not the operator. So the acts that hurt most
 * ask for the passphrase again; having typed it counts for a few minutes. A session unlocked by passphrase is not asked.
 */
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';

/** Long enough to finish what one came for, short enough that a computer left alone does not keep it. */
const stepUpMs = 5 * 60_000;
/** From this many tokens at once, revoking is an outage if it is the wrong click. */
export const bulkRevokeCount = 10;

export type StepUpAuth = {
  readonly noteKeychainUnlock: () => void;
  readonly isByKeychain: () => boolean;
  readonly notePassphrase: () => void;
  /** The vault was locked: nothing typed before counts. */
  readonly forget: () => void;
  /** @throws LatchkeyError PASSPHRASE_REQUIRED when the passphrase has to be typed for `act` ("to revoke 12 tokens"). */
  readonly requirePassphrase: (act: string) => void;
};

/** @param now milliseconds since the epoch */
export function createStepUpAuth(now: () => number): StepUpAuth {
  let byKeychain = false;
  let typedAtMs: number | undefined;
  return {
    noteKeychainUnlock: () => {
      byKeychain = true;
      typedAtMs = undefined;
    },
    isByKeychain: () => byKeychain,
    notePassphrase: () => {
      typedAtMs = now();
    },
    forget: () => {
      byKeychain = false;
      typedAtMs = undefined;
    },
    requirePassphrase: (act) => {
      if (!byKeychain) return;
      const age = typedAtMs === undefined ? Number.POSITIVE_INFINITY : now() - typedAtMs;
      if (age >= 0 && age < stepUpMs) return;
      throw new LatchkeyError(
        'PASSPHRASE_REQUIRED',
        `Type the passphrase ${act}: this computer alone is not enough for it.`,
      );
    },
  };
}

/** Puts the question before the handlers of dangerous acts. The one list of what is dangerous. */
export function guardDangerousActs(handlers: Handlers, stepUpAuth: StepUpAuth): Handlers {
  return {
    ...handlers,
    tokens: {
      ...handlers.tokens,
      revoke: async (input) => {
        if (input.ids.length >= bulkRevokeCount)
          stepUpAuth.requirePassphrase(`to revoke ${input.ids.length} tokens at once`);
        return handlers.tokens.revoke(input);
      },
    },
    exports: {
      ...handlers.exports,
      save: async (input) => {
        if (input.secret !== undefined) stepUpAuth.requirePassphrase('to write a secret into a file');
        return handlers.exports.save(input);
      },
    },
  };
}
