/** Many at once from CSV: teams, holders, tokens to be. All of it happens in one transaction, or nothing. */
import { z } from 'zod';
import { tokenView } from './token-views.ts';

/** Each a CSV file with a header; see `importColumns`. */
export const importFile = z.enum(['teams', 'holders', 'tokens']);
export type ImportFile = z.infer<typeof importFile>;

/** Columns of each file; those with `true` must be there and be filled. */
export const importColumns = {
  teams: { name: true, description: false },
  holders: { name: true, kind: false, note: false },
  tokens: {
    holder: true,
    kind: false,
    team: true,
    environment: true,
    channels: true,
    days: false,
    networks: false,
    note: false,
  },
} as const satisfies Readonly<Record<ImportFile, Readonly<Record<string, boolean>>>>;

/** Most rows of all files together; as many tokens with new holders fit into one line of the log. */
export const maxImportRows = 10_000;
/** Largest input of `imports.run`, bytes. */
export const maxImportBytes = 4 * 1024 * 1024;

const csv = z.string().max(maxImportBytes).optional();
export const importInput = z.object({
  teams: csv,
  holders: csv,
  tokens: csv,
  /** Looks at everything and changes nothing. */
  dryRun: z.boolean(),
});

export const importProblem = z.object({
  file: importFile,
  /** Of the file, the header being the first. */
  line: z.number().int().positive(),
  /** Absent where it is about the whole row. */
  column: z.string().optional(),
  message: z.string(),
});
export type ImportProblem = Readonly<z.infer<typeof importProblem>>;

const count = z.number().int().nonnegative();
export const importReport = z.object({
  /** Nothing was changed: it was a dry run, or there are problems. */
  applied: z.boolean(),
  /** Every bad row, in the order of the files. */
  problems: z.array(importProblem),
  /** What was made, or would be; `kept` was there before and stays as it is. */
  teams: z.object({ made: count, kept: count }),
  holders: z.object({ made: count, kept: count }),
  tokens: z.object({ made: count }),
  /** The one answer with their secrets, in the order of the file; empty unless applied. */
  issued: z.array(z.object({ line: z.number().int(), token: tokenView, secret: z.string() })),
});
export type ImportReport = z.infer<typeof importReport>;
