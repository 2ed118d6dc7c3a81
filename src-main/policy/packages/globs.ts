import { globMatches } from '../glob.ts';

/** Names of which some have `*` for any characters. */
export class Globs {
  readonly #exact = new Set<string>();
  readonly #patterns: readonly string[];

  constructor(patterns: readonly string[]) {
    for (const pattern of patterns) if (!pattern.includes('*')) this.#exact.add(pattern);
    this.#patterns = patterns.filter((pattern) => pattern.includes('*'));
  }

  /** The pattern that matches. */
  find(name: string): string | undefined {
    if (this.#exact.has(name)) return name;
    return this.#patterns.find((pattern) => globMatches(pattern, name));
  }
}

export const globsOf = (patterns: readonly string[]): Globs => new Globs(patterns);
