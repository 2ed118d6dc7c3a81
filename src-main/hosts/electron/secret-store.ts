/**
 * One asynchronous face for both of Electron's safeStorage APIs: the asynchronous one (Electron 42 and later) and the
 * synchronous one (deprecated, gone in 46). Their ciphertexts are interchangeable. A backend that only pretends to
 * encrypt (Chromium's `basic_text`, whose key is in its source) counts as none: nothing is ever sealed with it.
 */
import type { SecretStore, SecretStoreStatus } from '../../services/keychain-port.ts';

export type SafeStorageLike = {
  isEncryptionAvailable?(): boolean;
  encryptString?(text: string): Buffer;
  decryptString?(sealed: Buffer): string;
  /** Early 42.x answered with a plain boolean. */
  isAsyncEncryptionAvailable?(): boolean | Promise<boolean>;
  encryptStringAsync?(text: string): Promise<Buffer>;
  decryptStringAsync?(sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }>;
  /** Linux only, Electron 24 and later. */
  getSelectedStorageBackend?(): string;
};

/** Makes the secret store over a safeStorage, whichever of its APIs it has. */
export function createSecretStore(storage: SafeStorageLike, platform: NodeJS.Platform): SecretStore {
  const encrypt = async (text: string): Promise<Buffer> => {
    if (storage.encryptStringAsync) return storage.encryptStringAsync(text);
    if (storage.encryptString) return storage.encryptString(text);
    throw new Error('This Electron has no safeStorage');
  };
  const isAvailable = async (): Promise<boolean> =>
    storage.isAsyncEncryptionAvailable
      ? storage.isAsyncEncryptionAvailable()
      : (storage.isEncryptionAvailable?.() ?? false);
  const backendName = (): string => {
    if (platform === 'darwin') return 'keychain';
    if (platform === 'win32') return 'dpapi';
    return storage.getSelectedStorageBackend?.() ?? 'unknown';
  };

  return {
    status: async (): Promise<SecretStoreStatus> => {
      const backend = backendName();
      if (backend === 'basic_text') return { usable: false, reason: 'plain-text', backend };
      if (!(await isAvailable())) return { usable: false, reason: 'unavailable', backend };
      // Where the backend cannot be asked for, the ciphertext tells: v10 is the fixed key, v11 a real keyring's.
      if (platform === 'linux' && backend === 'unknown') {
        const prefix = (await encrypt('probe')).subarray(0, 3).toString('latin1');
        if (prefix === 'v10') return { usable: false, reason: 'plain-text', backend };
      }
      return { usable: true, backend };
    },
    seal: encrypt,
    open: async (sealed) => {
      if (storage.decryptStringAsync) {
        const { result, shouldReEncrypt } = await storage.decryptStringAsync(sealed);
        return shouldReEncrypt ? { text: result, resealed: await encrypt(result) } : { text: result };
      }
      if (storage.decryptString) return { text: storage.decryptString(sealed) };
      throw new Error('This Electron has no safeStorage');
    },
  };
}
