/** Files of what a table shows. */
import { z } from 'zod';
import { holderKind } from '../model/domain.ts';
import { tokenId } from '../model/ids.ts';
import { tokenSelection } from './bulk-views.ts';
import { columnId } from './table-settings.ts';
import { holderSort } from './directory-views.ts';
import { tokenSort } from './token-views.ts';

/** Columns of a file of tokens. */
export const tokenColumn = z.enum([
  'id',
  'holder',
  'holder-kind',
  'team',
  'environment',
  'channels',
  'networks',
  'state',
  'issued',
  'issued-by',
  'expires',
  'last-used',
  'last-client',
  'requests',
  'note',
]);
export type TokenColumn = z.infer<typeof tokenColumn>;

const cell = z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]);
/** What a file is made of: rows that main looks up, or a short list that the page has. */
export const tableSource = z.discriminatedUnion('of', [
  z.object({
    of: z.literal('tokens'),
    selection: tokenSelection,
    sort: tokenSort.default('issued'),
    descending: z.boolean().default(true),
    columns: z.array(tokenColumn).min(1).max(60),
  }),
  z.object({
    of: z.literal('holders'),
    search: z.string().max(200).default(''),
    kinds: z.array(holderKind).max(3).default([]),
    sort: holderSort.default('name'),
    descending: z.boolean().default(false),
  }),
  z.object({
    of: z.literal('rows'),
    columns: z.array(columnId).min(1).max(60),
    rows: z.array(z.array(cell).max(60)).max(10_000),
  }),
  /** New tokens with their secrets, right after a rotation of several. */
  z.object({
    of: z.literal('secrets'),
    issued: z
      .array(z.object({ tokenId, secret: z.string().max(64) }))
      .min(1)
      .max(500),
  }),
]);
export const tableFile = z.object({
  /** Without its ending. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/),
  format: z.enum(['csv', 'json']),
  source: tableSource,
  /** Where the host has no dialog of its own. */
  path: z.string().min(1).max(4096).optional(),
  overwrite: z.boolean().default(false),
});
export type TableFile = z.input<typeof tableFile>;
export const tableFileSaved = z.object({ path: z.string(), mode: z.string(), rows: z.number().int() });
