/** Versions that are the same, though rows spell them differently. */
import type { Ecosystem } from '../../../shared/model/packages.ts';

/** A release of more numbers is looked up as it is spelled. */
const maxNumbers = 6;
/** Epoch and release of a normalised version, and the rest. */
const parts = /^((?:\d+!)?\d+(?:\.\d+)*)(.*)$/s;

/** All spellings of a normalised version: on PyPI, zeros at the end of a release say nothing (PEP 440). */
export function equalVersions(ecosystem: Ecosystem, version: string): readonly string[] {
  const [, release = '', rest = ''] = (ecosystem === 'pypi' && parts.exec(version)) || [];
  if (release === '') return [version];
  const numbers = release.split('.');
  while (numbers.length > 1 && numbers.at(-1) === '0') numbers.pop();
  const spellings = new Set([version]);
  for (; numbers.length <= maxNumbers; numbers.push('0')) spellings.add(`${numbers.join('.')}${rest}`);
  return [...spellings];
}
