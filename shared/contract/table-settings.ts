/** Tables as people arrange them: columns, density, saved views. */
import { z } from 'zod';

export const tableName = z.enum([
  'tokens',
  'holders',
  'teams',
  'environments',
  'channels',
  'policies',
  'packages',
  'advisories',
  'feeds',
  'requests',
]);
export type TableName = z.infer<typeof tableName>;

export const columnId = z.string().regex(/^[a-z][a-z-]{0,39}$/);
export const tableLayout = z.object({
  /** In their order; a column that is not named here is where it is at first. */
  columns: z.array(z.object({ id: columnId, shown: z.boolean() })).max(60),
  density: z.enum(['comfortable', 'compact']),
});
export type TableLayout = z.infer<typeof tableLayout>;
export const savedView = z.object({
  name: z.string().trim().min(1).max(60),
  /** Search, filters and order, as they stand in the address after `?`. */
  query: z.string().max(8000),
});
export type SavedView = z.infer<typeof savedView>;
export const tableSettings = z.object({
  layout: tableLayout.optional(),
  views: z.array(savedView).max(50).default([]),
});
export type TableSettings = z.infer<typeof tableSettings>;
/** By table; kept in the settings of this computer, as a page in a browser has another origin each time. */
export const tablesSettings = z.partialRecord(tableName, tableSettings);
export type TablesSettings = z.infer<typeof tablesSettings>;
