/**
 * "Unlock with this computer": a random secret opens the vault's keychain slot, and the operating system's keychain
 * keeps that secret. Invariants: nothing is ever sealed by a backend that does not encrypt; the passphrase always works
 * beside it; a secret that cannot be opened costs this convenience, never the vault; the date of the last passphrase
 * is sealed with the secret, so editing the file does not postpone the next asking.
 */
import { z } from 'zod';
import type { KeychainView } from '../../shared/contract/desktop-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { sentenceOf } from '../../shared/texts/said.ts';
import { texts } from '../../shared/texts/texts.ts';
import type { Context } from './context.ts';
import type { StepUpAuth } from './step-up-auth.ts';
import type { KeychainPort, KeychainRecord, SecretStoreStatus } from './keychain-port.ts';
import type { Session } from './session.ts';
import { dayMs } from '../../shared/model/time.ts';

const sealedSecret = z.object({
  secret: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
  passphraseAtMs: z.number().int(),
});

type Deps = Pick<Context, 'now' | 'randomBytes' | 'settings'> & {
  readonly session: Pick<Session, 'unlock' | 'vault' | 'isUnlocked'>;
  readonly stepUpAuth: StepUpAuth;
};

export type KeychainService = {
  readonly handlers: Handlers['keychain'];
  /** After every unlock by passphrase: counts the days from now, and drops a slot whose secret is gone. Never throws. */
  readonly notePassphrase: () => Promise<void>;
};

/** The use cases around the keychain; without a port, those of a host that has none. */
export function keychainService(deps: Deps, port: KeychainPort | undefined): KeychainService {
  if (port === undefined) return withoutKeychain();
  const { store, file } = port;
  /** Why the slot was dropped, until the next look at the status. */
  let isDropped = false;

  const isDue = (passphraseAtMs: number): boolean => {
    const age = deps.now() - passphraseAtMs;
    // A clock that was set back must not make the secret last longer.
    return age >= deps.settings.read().keychainReaskDays * dayMs || age < -dayMs;
  };

  const view = async (): Promise<KeychainView> => {
    const status = await store.status();
    if (!status.usable)
      return { state: status.reason, backend: status.backend, message: sentenceOf(refusal[status.reason]) };
    const record = file.read();
    const days = deps.settings.read().keychainReaskDays;
    const { backend } = status;
    if (record === undefined) {
      const message = isDropped ? sentenceOf(['keychainDropped']) : texts.keychain.off;
      return { state: 'off', backend, message };
    }
    return isDue(record.passphraseAtMs)
      ? { state: 'due', backend, message: sentenceOf(['passphraseDue', days]) }
      : {
          state: 'on',
          backend,
          message: texts.keychain.on(days),
        };
  };

  const write = async (secret: string): Promise<void> => {
    const passphraseAtMs = deps.now();
    const sealed = await store.seal(JSON.stringify({ secret, passphraseAtMs }));
    file.write({ version: 1, sealed: Buffer.from(sealed).toString('base64'), passphraseAtMs });
  };

  /** Where the disk refuses, the old record still stands, and still opens. */
  const keep = (record: KeychainRecord): void => {
    try {
      file.write(record);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
    }
  };

  const open = async (record: KeychainRecord): Promise<z.infer<typeof sealedSecret>> => {
    const { text, resealed } = await store.open(Buffer.from(record.sealed, 'base64'));
    if (resealed) keep({ ...record, sealed: Buffer.from(resealed).toString('base64') });
    return sealedSecret.parse(JSON.parse(text));
  };

  const drop = (cause: unknown): LatchkeyError => {
    try {
      file.remove();
    } catch (error) {
      // A disk that takes no changes: what cannot be opened is of no use to anybody, and is dropped another time.
      if (!(error instanceof LatchkeyError)) throw error;
    }
    isDropped = true;
    return new LatchkeyError('VAULT_KEYCHAIN_REFUSED', ['keychainDropped'], { cause });
  };

  return {
    handlers: {
      status: view,
      enable: async ({ passphrase }) => {
        const status = await store.status();
        if (!status.usable) throw unavailable(status);
        const vault = deps.session.vault();
        await vault.verifyPassphrase(passphrase);
        deps.stepUpAuth.notePassphrase();
        const secret = deps.randomBytes(32);
        // Sealed first: a slot whose secret nobody keeps would be of no use.
        await write(Buffer.from(secret).toString('base64'));
        try {
          await vault.setKeychainSlot(secret);
        } catch (cause) {
          file.remove();
          throw cause;
        } finally {
          secret.fill(0);
        }
        isDropped = false;
        return view();
      },
      disable: async () => {
        file.remove();
        await deps.session.vault().removeKeychainSlot();
        return view();
      },
      unlock: async () => {
        const record = file.read();
        if (record === undefined) {
          throw new LatchkeyError('VAULT_KEYCHAIN_REFUSED', ['keychainEmpty']);
        }
        const status = await store.status();
        if (!status.usable) throw unavailable(status);
        const opened = await open(record).catch((cause: unknown) => {
          throw drop(cause);
        });
        if (isDue(opened.passphraseAtMs)) {
          throw new LatchkeyError('PASSPHRASE_REQUIRED', [
            'passphraseDue',
            deps.settings.read().keychainReaskDays,
          ]);
        }
        const secret = new Uint8Array(Buffer.from(opened.secret, 'base64'));
        try {
          // Before the unlock: whatever comes in while it runs must already find the stricter rule.
          deps.stepUpAuth.noteUnattended();
          return await deps.session.unlock({ keychainSecret: secret });
        } catch (error) {
          // A session that is open stays what it is.
          if (!deps.session.isUnlocked()) deps.stepUpAuth.forget();
          if (error instanceof LatchkeyError && error.code === 'VAULT_KEYCHAIN_REFUSED') throw drop(error);
          throw error;
        } finally {
          secret.fill(0);
        }
      },
    },
    notePassphrase: async () => {
      const record = file.read();
      try {
        if (record === undefined) {
          const vault = deps.session.vault();
          if (vault.hasKeychainSlot()) await vault.removeKeychainSlot();
        } else if ((await store.status()).usable) {
          await write((await open(record)).secret);
        }
      } catch (cause) {
        // The operator is in by passphrase; losing the convenience is said by the status, not by a failed unlock. Where
        // only the disk refused, what the keychain kept still stands.
        if (!(cause instanceof LatchkeyError)) drop(cause);
      }
    },
  };
}

const refusal = {
  unavailable: ['keychainMissing'],
  'plain-text': ['keychainPlain'],
} as const;

function unavailable(status: Extract<SecretStoreStatus, { usable: false }>): LatchkeyError {
  return new LatchkeyError('KEYCHAIN_UNAVAILABLE', refusal[status.reason], {
    details: { backend: status.backend },
  });
}

function withoutKeychain(): KeychainService {
  const refuse = async (): Promise<never> => {
    throw new LatchkeyError('KEYCHAIN_UNAVAILABLE', ['keychainDesktopOnly']);
  };
  return {
    handlers: {
      status: async () => ({
        state: 'unsupported',
        backend: 'none',
        message: sentenceOf(['keychainDesktopOnly']),
      }),
      enable: refuse,
      disable: refuse,
      unlock: refuse,
    },
    notePassphrase: async () => undefined,
  };
}
