import { create } from 'zustand';
import type { VerifyView } from '../../shared/contract/vault-views.ts';
import { api } from '../client/api.ts';

type VerifyState = {
  readonly check: VerifyView | undefined;
  /** The host told how far it is. */
  readonly tell: (check: VerifyView) => void;
  /** @throws LatchkeyError */
  readonly load: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly cancel: () => Promise<void>;
  readonly reset: () => void;
};

/** What was told, or dropped, while an answer was on its way is newer than the answer. */
let told = 0;

/** The check of the whole log: a job of the host, whose progress comes as an event. */
export const useVerify = create<VerifyState>()((set) => {
  const take = async (ask: () => Promise<VerifyView>) => {
    const before = told;
    const check = await ask();
    if (told === before) set({ check });
  };
  const tell = (check: VerifyView | undefined) => {
    told += 1;
    set({ check });
  };
  return {
    check: undefined,
    tell,
    load: () => take(api.vault.verifyStatus),
    start: () => take(api.vault.verify),
    cancel: () => take(api.vault.cancelVerify),
    reset: () => tell(undefined),
  };
});
