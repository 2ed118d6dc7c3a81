import type { Ecosystem } from '../../../shared/model/packages.ts';
import { parsePep440 } from '../pep440/version.ts';

/** Where a version is only numbers, both programs that read conda's versions take a missing one for 0. */
const numbers = /^\d+(?:\.\d+)*$/;

/**
 * The same for versions that are one, however they are written (`1.0`, `1.0.0`, `v1.0`), so that what is said about a version
 * cannot be got past by its spelling. What cannot be read is only itself.
 */
export function versionKey(ecosystem: Ecosystem, text: string): string {
  if (ecosystem === 'conda') return numbers.test(text) ? shortest(text.split('.').map(plain)) : text;
  const version = parsePep440(text);
  if (version === undefined) return text;
  const { epoch, release, suffix, local } = version;
  return `${epoch}!${shortest(release.map(String))} ${suffix.join()}${local === undefined ? '' : ` ${local.join('.')}`}`;
}

/** Of a build of a PyPI version (`1.0+cu121`) that version; undefined for all others. */
export function versionOfBuild(ecosystem: Ecosystem, text: string): string | undefined {
  const end = ecosystem === 'pypi' ? text.indexOf('+') : -1;
  return end === -1 ? undefined : text.slice(0, end);
}

const plain = (digits: string): string => digits.replace(/^0+(?=\d)/, '');

function shortest(release: readonly string[]): string {
  const last = release.findLastIndex((part) => part !== '0');
  return release.slice(0, Math.max(last, 0) + 1).join('.');
}
