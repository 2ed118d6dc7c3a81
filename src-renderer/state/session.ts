import { create } from 'zustand';
import type { HostView, SessionView } from '../../shared/contract/session-views.ts';
import { api } from '../client/api.ts';
import { isHostGone } from '../client/error-text.ts';

type SessionState = {
  readonly host: HostView | undefined;
  readonly session: SessionView | undefined;
  /** Why the app could not start. */
  readonly problem: unknown;
  /** Why this page is not signed in to its host; only a browser's page can be. */
  readonly signedOut: string | undefined;
  /** Somebody locked while nobody was there to do it: nothing is shown, and the lock is made up for. */
  readonly lockWaits: boolean;
  readonly start: () => Promise<void>;
  readonly set: (session: SessionView) => void;
  readonly lock: () => Promise<void>;
};

/** Who is here and whether the vault is open. The one slice that stays over a lock. */
export const useSession = create<SessionState>()((set) => ({
  host: undefined,
  session: undefined,
  problem: undefined,
  signedOut: undefined,
  lockWaits: false,
  start: async () => {
    try {
      const [host, session] = await Promise.all([api.host.about(), api.session.status()]);
      set({ host, session, problem: undefined });
    } catch (problem) {
      set({ problem });
    }
  },
  set: (session) => set({ session }),
  lock: async () => {
    try {
      set({ session: await api.session.lock(), lockWaits: false });
    } catch (error) {
      if (!isHostGone(error)) throw error;
      set({ session: undefined, lockWaits: true });
    }
  },
}));
