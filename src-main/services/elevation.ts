/**
 * A session that the keychain unlocked proves that the computer is there, not the operator. So the acts that hurt most
 * ask for the passphrase again; having typed it counts for a few minutes. A session unlocked by passphrase is not asked.
 */
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';

/** Long enough to finish what one came for, short enough that a computer left alone does not keep it. */
const elevationMs = 5 * 60_000;
/** From this many tokens at once, revoking is an outage if it is the wrong click. */
export const bulkRevokeCount = 10;

export type Elevation = {
  readonly unlockedByKeychain: () => void;
  readonly isByKeychain: () => boolean;
  readonly passphraseTyped: () => void;
  /** The vault was locked: nothing typed before counts any more. */
  readonly forget: () => void;
  /** @throws LatchkeyError PASSPHRASE_REQUIRED when the passphrase has to be typed for `act` ("to revoke 12 tokens"). */
  readonly require: (act: string) => void;
};

/** @param now milliseconds since the epoch */
export function createElevation(now: () => number): Elevation {
  let byKeychain = false;
  let typedAtMs: number | undefined;
  return {
    unlockedByKeychain: () => {
      byKeychain = true;
      typedAtMs = undefined;
    },
    isByKeychain: () => byKeychain,
    passphraseTyped: () => {
      typedAtMs = now();
    },
    forget: () => {
      byKeychain = false;
      typedAtMs = undefined;
    },
    require: (act) => {
      if (!byKeychain) return;
      const age = typedAtMs === undefined ? Number.POSITIVE_INFINITY : now() - typedAtMs;
      if (age >= 0 && age < elevationMs) return;
      throw new LatchkeyError(
        'PASSPHRASE_REQUIRED',
        `Type the passphrase ${act}: this computer alone is not enough for it.`,
      );
    },
  };
}

/** Puts the question before the handlers of dangerous acts. The one list of what is dangerous. */
export function guardDangerousActs(handlers: Handlers, elevation: Elevation): Handlers {
  return {
    ...handlers,
    tokens: {
      ...handlers.tokens,
      revoke: async (input) => {
        if (input.ids.length >= bulkRevokeCount)
          elevation.require(`to revoke ${input.ids.length} tokens at once`);
        return handlers.tokens.revoke(input);
      },
    },
    exports: {
      ...handlers.exports,
      save: async (input) => {
        if (input.secret !== undefined) elevation.require('to write a secret into a file');
        return handlers.exports.save(input);
      },
    },
  };
}
