/** A file of the request log as somebody types it. */
import { z } from 'zod';
import { ecosystem, packageVersion, spelledPackageName } from './packages.ts';

/** A file by its hash, or those of a package or of one version, in any spelling. */
export const loggedFileQuery = z.union([
  z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }).strict(),
  z.object({ ecosystem, name: spelledPackageName, version: packageVersion.optional() }).strict(),
]);
export type LoggedFileQuery = z.infer<typeof loggedFileQuery>;

/** `conda:openssl`, `pypi:django==4.2`, or a SHA-256 in hex; undefined where it is none of them. */
export function parseLoggedFile(typed: string): LoggedFileQuery | undefined {
  const text = typed.trim();
  const [, of, name, version] = /^(conda|pypi):([^=]+)(?:==(.+))?$/.exec(text) ?? [];
  const query = of === undefined ? { sha256: text.toLowerCase() } : { ecosystem: of, name, version };
  return loggedFileQuery.safeParse(query).data;
}
