/** Entries of a policy's list of licenses. Pure. */
import { spelledId } from './licenses/expression.ts';

/**
 * @param entry an id (`MIT`), one with an exception (`GPL-2.0-only WITH Classpath-exception-2.0`), or a pattern (`GPL-*`)
 * @returns it in the spelling of SPDX; undefined where it is none of these
 */
export function licenseEntry(entry: string): string | undefined {
  const words = entry.trim().split(/\s+/);
  const [license = '', middle, exception] = words;
  if (words.length === 1) return license.includes('*') ? license : spelledId(license);
  if (words.length !== 3 || middle?.toUpperCase() !== 'WITH') return undefined;
  const spelled = [spelledId(license), spelledId(exception ?? '')];
  return spelled.includes(undefined) ? undefined : spelled.join(' WITH ');
}
