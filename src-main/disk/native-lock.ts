/**
 * The kernel's file lock, from a native package. It is loaded when the first lock is taken, so that a computer on which
 * it does not load can still say so in a sentence.
 */
import { LatchkeyError } from '../../shared/errors.ts';

export type NativeLock = {
  /** @returns false when another open file description holds it. Throws what the system says otherwise. */
  tryLock(fd: number, offset: number, length: number): boolean;
  unlock(fd: number, offset: number, length: number): void;
};

/**
 * @param load imports the package; a test hands in a system on which it does not load
 * @throws LatchkeyError LOCK_UNSUPPORTED
 */
export async function loadNativeLock(
  load: () => Promise<{ readonly default: NativeLock }> = () => import('fs-native-extensions'),
): Promise<NativeLock> {
  try {
    const { default: native } = await load();
    return native;
  } catch (cause) {
    throw new LatchkeyError('LOCK_UNSUPPORTED', ['locksMissing', `${process.platform} ${process.arch}`], {
      cause,
    });
  }
}
