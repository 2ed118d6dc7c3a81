import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { HostPorts } from './context.ts';
import type { Elevation } from './elevation.ts';
import type { KeychainService } from './keychain.ts';
import type { Session } from './session.ts';

/** What only a desktop host can do; others answer that they cannot. */
export function desktopService(host: HostPorts): Handlers['desktop'] {
  return {
    copySecret: async ({ text }) => {
      if (host.copySecret === undefined) {
        throw new LatchkeyError(
          'OPERATION_NOT_ALLOWED',
          'This host has no clipboard. Copy the text in the page.',
        );
      }
      return { clearedAfterSeconds: await host.copySecret(text) };
    },
    takeRequest: async () => {
      const request = host.takeRequest?.();
      return request === undefined ? {} : { request };
    },
  };
}

/** The session's handlers; each passphrase that was right is also told to the keychain and to the elevation. */
export function withPassphraseTyped(
  session: Session,
  elevation: Elevation,
  keychain: KeychainService,
): Handlers['session'] {
  const { handlers } = session;
  return {
    ...handlers,
    unlock: async (input) => {
      const view = await handlers.unlock(input);
      // An unlock of what the keychain opened meanwhile returns without looking at the passphrase.
      if (elevation.isByKeychain()) await session.vault().verifyPassphrase(input.passphrase);
      elevation.passphraseTyped();
      await keychain.passphraseTyped();
      return view;
    },
    changePassphrase: async (input) => {
      const answer = await handlers.changePassphrase(input);
      elevation.passphraseTyped();
      return answer;
    },
    confirm: async ({ passphrase }) => {
      await session.vault().verifyPassphrase(passphrase);
      elevation.passphraseTyped();
      return {};
    },
  };
}
