import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { HostPorts } from './context.ts';
import type { StepUpAuth } from './step-up-auth.ts';
import type { KeychainService } from './keychain.ts';
import type { Session } from './session.ts';

/** What only a desktop host can do; others answer that they cannot. */
export function desktopService(host: HostPorts): Handlers['desktop'] {
  return {
    copySecret: async ({ text }) => {
      if (host.copySecret === undefined) {
        throw new LatchkeyError('OPERATION_NOT_ALLOWED', ['noClipboard']);
      }
      return { clearedAfterSeconds: await host.copySecret(text) };
    },
    choosePath: async ({ what }) => {
      if (host.choosePath === undefined) {
        throw new LatchkeyError('OPERATION_NOT_ALLOWED', ['noFolderDialog']);
      }
      const path = await host.choosePath(what);
      return path === undefined ? {} : { path };
    },
    takeRequest: async () => {
      const request = host.takeRequest?.();
      return request === undefined ? {} : { request };
    },
  };
}

/** The session's handlers; each passphrase that was right is also told to the keychain and to the step-up. */
export function observePassphrases(
  session: Session,
  stepUpAuth: StepUpAuth,
  keychain: KeychainService,
): Handlers['session'] {
  const { handlers } = session;
  return {
    ...handlers,
    unlock: async (input) => {
      const wasOpen = session.isUnlocked();
      const view = await handlers.unlock(input);
      // Unlocking what is open already returns without looking at the passphrase: a wrong one must extend nothing.
      if (wasOpen || stepUpAuth.isByKeychain()) await session.vault().verifyPassphrase(input.passphrase);
      stepUpAuth.notePassphrase();
      await keychain.notePassphrase();
      return view;
    },
    changePassphrase: async (input) => {
      const answer = await handlers.changePassphrase(input);
      stepUpAuth.notePassphrase();
      return answer;
    },
    confirm: async ({ passphrase }) => {
      await session.vault().verifyPassphrase(passphrase);
      stepUpAuth.notePassphrase();
      return {};
    },
  };
}
