import { useEffect } from 'react';
import { create } from 'zustand';
import type { TableName, TableSettings, TablesSettings } from '../../shared/contract/table-settings.ts';
import { api } from '../client/api.ts';

type TablesState = {
  readonly tables: TablesSettings | undefined;
  readonly load: () => Promise<void>;
  /** Shown at once, and kept by the host. @throws LatchkeyError; it is then shown as it was */
  readonly save: (table: TableName, settings: TableSettings) => Promise<void>;
  readonly reset: () => void;
};

/** How tables are arranged on this computer: main's settings, as this page may have another origin next time. */
export const useTables = create<TablesState>()((set, get) => ({
  tables: undefined,
  load: async () => set({ tables: await api.tables.get() }),
  save: async (table, settings) => {
    const before = get().tables;
    set({ tables: { ...before, [table]: settings } });
    try {
      set({ tables: await api.tables.set({ table, settings }) });
    } catch (error) {
      set({ tables: before });
      throw error;
    }
  },
  reset: () => set({ tables: undefined }),
}));

/** The arrangement of one table; without one until it is known. */
export function useTableSettings(table: TableName): TableSettings {
  const isLoaded = useTables((state) => state.tables !== undefined);
  const settings = useTables((state) => state.tables?.[table]);
  useEffect(() => {
    if (isLoaded) return;
    // A table without its arrangement is the table as it comes.
    useTables
      .getState()
      .load()
      .catch(() => undefined);
  }, [isLoaded]);
  return settings ?? noSettings;
}

const noSettings: TableSettings = { views: [] };
