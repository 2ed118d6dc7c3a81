/** Files and commands for clients and CI systems. */
import { z } from 'zod';
import { exportFormatIds } from '../model/export-formats.ts';
import { tokenId } from '../model/ids.ts';

export const exportFormatId = z.enum(exportFormatIds);

export const renderedExport = z.object({
  format: exportFormatId,
  title: z.string(),
  summary: z.string(),
  /** Ways that keep the token out of a file, to be shown first. */
  commands: z.array(z.object({ title: z.string(), command: z.string() })),
  files: z.array(
    z.object({
      name: z.string(),
      content: z.string(),
      containsSecret: z.boolean(),
      language: z.enum([
        'yaml',
        'ini',
        'toml',
        'json',
        'shell',
        'python',
        'powershell',
        'dockerfile',
        'groovy',
        'env',
        'text',
      ]),
    }),
  ),
  /** Per file: where it belongs on each operating system. */
  where: z.array(z.object({ linux: z.string(), macos: z.string(), windows: z.string() })),
  checkCommand: z.string(),
  notes: z.array(z.string()),
  /** Why it does not work now: a token that the gateway refuses, or a gateway that does not answer. To be shown first. */
  warnings: z.array(z.string()),
  /** With which clients it was used. */
  tried: z.union([
    z.array(z.object({ client: z.string(), version: z.string() })),
    z.literal('not run: parsed by its documented rules'),
  ]),
  /** Where else the token turns up: a path's end (`*` for any name), or a command that prints it. */
  leaks: z.array(z.object({ how: z.enum(['stored', 'printed']), where: z.string() })),
});
export type RenderedExport = z.infer<typeof renderedExport>;

/** Which token an export is for; the secret only right after issue or rotation, while the renderer still shows it. */
export const exportRequest = z.object({
  format: exportFormatId,
  tokenId,
  secret: z.string().max(64).optional(),
});
