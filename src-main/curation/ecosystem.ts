/** The ecosystems that advisories are kept of, and how they spell names. */

export type Ecosystem = 'pypi' | 'conda';

/** A name in the form in which it is compared: PEP 503 for PyPI, lower case for conda (CEP 26). */
export function normalName(ecosystem: Ecosystem, name: string): string {
  const lower = name.toLowerCase();
  return ecosystem === 'conda' ? lower : lower.replaceAll(/[-_.]+/g, '-');
}
