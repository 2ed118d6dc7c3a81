import type { Handlers } from '../../shared/contract/types.ts';
import type { Context } from './context.ts';

/** How tables are arranged on this computer: main's settings, as a page in a browser has another origin each time. */
export function tablesService({ settings }: Pick<Context, 'settings'>): Handlers['tables'] {
  return {
    get: async () => settings.read().tables ?? {},
    set: async ({ table, settings: next }) => {
      const before = settings.read();
      settings.write({ ...before, tables: { ...before.tables, [table]: next } });
      return settings.read().tables ?? {};
    },
  };
}
