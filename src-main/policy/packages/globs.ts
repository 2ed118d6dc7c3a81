/**
 * Names with `*` for any characters. Matched without a regular expression: each pattern costs at most the length of the
 * name for each of its stars.
 */
export class Globs {
  readonly #exact = new Set<string>();
  readonly #patterns: readonly (readonly string[])[];
  readonly #texts: readonly string[];

  constructor(patterns: readonly string[]) {
    for (const pattern of patterns) if (!pattern.includes('*')) this.#exact.add(pattern);
    this.#texts = patterns.filter((pattern) => pattern.includes('*'));
    this.#patterns = this.#texts.map((pattern) => pattern.split('*'));
  }

  /** The pattern that matches. */
  find(name: string): string | undefined {
    if (this.#exact.has(name)) return name;
    const at = this.#patterns.findIndex((parts) => isMatch(parts, name));
    return at === -1 ? undefined : this.#texts[at];
  }
}

export const globsOf = (patterns: readonly string[]): Globs => new Globs(patterns);

/** @param parts what stands between the stars */
function isMatch(parts: readonly string[], name: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
