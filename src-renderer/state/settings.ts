import { create } from 'zustand';
import type { Settings } from '../../shared/contract/settings-views.ts';
import { api } from '../client/api.ts';

type SettingsState = {
  readonly settings: Settings | undefined;
  readonly load: () => Promise<void>;
  /** @throws LatchkeyError */
  readonly save: (settings: Settings) => Promise<void>;
};

/** Settings hold nothing secret and are readable while locked (color scheme), so a lock does not reset them. */
export const useSettings = create<SettingsState>()((set) => ({
  settings: undefined,
  load: async () => set({ settings: await api.settings.get() }),
  save: async (settings) => set({ settings: await api.settings.set(settings) }),
}));
