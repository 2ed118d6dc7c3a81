/** Teams, environments and holders, and what removing one changed besides. */
import { z } from 'zod';
import { displayName, environment, holder, holderKind, note, slug, team } from '../model/domain.ts';
import { holderId } from '../model/ids.ts';
import { count } from './atoms.ts';

export const teamView = team.unwrap().extend({ activeTokens: count });
export type TeamView = Readonly<z.infer<typeof teamView>>;

export const environmentView = environment.unwrap().extend({ activeTokens: count, channels: count });
export type EnvironmentView = Readonly<z.infer<typeof environmentView>>;

export const holderView = holder.unwrap().extend({ activeTokens: count });
export type HolderView = Readonly<z.infer<typeof holderView>>;

export const holderSort = z.enum(['name', 'kind', 'tokens', 'created', 'note']);
export const holderQuery = z.object({
  search: z.string().max(200).default(''),
  kinds: z.array(holderKind).max(3).default([]),
  sort: holderSort.default('name'),
  descending: z.boolean().default(false),
  offset: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(1).max(1000).default(200),
});
export const holderPage = z.object({ rows: z.array(holderView), total: count });

export const teamDraft = z.object({ name: slug, description: note.default('') });

export const environmentDraft = z.object({
  name: slug,
  rank: z.number().int().min(0).max(1000),
  isProtected: z.boolean(),
});

export const holderChoice = z.union([
  z.object({ id: holderId }),
  z.object({ kind: holderKind, name: displayName }),
]);

/** What a removal changed besides: things that named what is gone, and no longer do. */
export const removal = z.object({
  takenOutOf: z.array(z.object({ kind: z.enum(['policy', 'channel']), id: z.string(), name: z.string() })),
});
export type Removal = Readonly<z.infer<typeof removal>>;
