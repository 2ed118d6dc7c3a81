import type { z } from 'zod';
import { tablesSettings } from '../../shared/contract/table-settings.ts';
import { settings } from '../../shared/contract/settings-views.ts';

/** What `settings.json` holds: the settings that a form or a command shows, and how tables are arranged. */
export const storedSettings = settings.extend({ tables: tablesSettings.optional() });
export type StoredSettings = z.infer<typeof storedSettings>;
