import { create } from 'zustand';
import type { VerifyView } from '../../shared/contract/views.ts';
import { api } from '../client/api.ts';

type VerifyState = {
  readonly check: VerifyView | undefined;
  readonly set: (check: VerifyView) => void;
  /** @throws LatchkeyError */
  readonly load: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly cancel: () => Promise<void>;
  readonly reset: () => void;
};

/** The check of the whole log: a job of the host, whose progress comes as an event. */
export const useVerify = create<VerifyState>()((set) => ({
  check: undefined,
  set: (check) => set({ check }),
  load: async () => set({ check: await api.vault.verifyStatus() }),
  start: async () => set({ check: await api.vault.verify() }),
  cancel: async () => set({ check: await api.vault.cancelVerify() }),
  reset: () => set({ check: undefined }),
}));
