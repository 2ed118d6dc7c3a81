/**
 * The version part of a conda spec (CEP 29, "Version matching") as rattler reads it (crate `rattler_conda_version`,
 * `version_spec/parse.rs`, lenient as for repodata). It knows no regular expressions and no `*` inside a version.
 */
import { allOf, anyOf, type Answer } from './answer.ts';
import {
  compareRattlerVersions,
  equalRattlerVersions,
  rattlerCompatible,
  rattlerStartsWith,
  readRattlerVersion,
  type RattlerVersion,
} from './rattler-version.ts';

export type RattlerVersionTest = (version: RattlerVersion | undefined) => Answer;

const operators = ['==', '!=', '<=', '>=', '<', '>', '=', '~='] as const;
type Operator = (typeof operators)[number] | '!=.*';

/** @returns undefined if rattler would refuse it */
export function parseRattlerVersionSpec(text: string): RattlerVersionTest | undefined {
  const parser = new Parser(text);
  const test = parser.group();
  return parser.at === text.length ? test : undefined;
}

class Parser {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Depth is bounded by the length of a spec. */
  group(): RattlerVersionTest | undefined {
    return this.#list('|', () => this.#list(',', () => this.#term(), allOf), anyOf);
  }

  #list(
    separator: string,
    read: () => RattlerVersionTest | undefined,
    join: (tests: readonly RattlerVersionTest[], ask: (test: RattlerVersionTest) => Answer) => Answer,
  ): RattlerVersionTest | undefined {
    const tests: RattlerVersionTest[] = [];
    for (;;) {
      const test = read();
      if (test === undefined) return undefined;
      tests.push(test);
      const before = this.at;
      this.#skipSpace();
      if (this.#text[this.at] !== separator) {
        this.at = before;
        return (version) => join(tests, (one) => one(version));
      }
      this.at += 1;
      this.#skipSpace();
    }
  }

  #skipSpace(): void {
    while (this.#text[this.at] === ' ') this.at += 1;
  }

  #term(): RattlerVersionTest | undefined {
    if (this.#text[this.at] === '(') {
      this.at += 1;
      this.#skipSpace();
      const test = this.group();
      this.#skipSpace();
      if (this.#text[this.at] !== ')') return undefined;
      this.at += 1;
      return test;
    }
    if (this.#text[this.at] === '*') {
      this.at += this.#text.startsWith('.*', this.at + 1) ? 3 : 1;
      return anything;
    }
    return this.#constraint();
  }

  #constraint(): RattlerVersionTest | undefined {
    const signs = this.#take(/^[=!<>~]+/);
    const operator = operators.find((one) => one === signs);
    if (signs !== '' && operator === undefined) return undefined;
    const limit = this.#take(/^[A-Za-z0-9!\-_.*+]+/);
    if (limit === '*') {
      return operator === '!=' || operator === '<' || operator === '>' ? undefined : anything;
    }
    const read = readRattlerVersion(limit);
    if (read === undefined) return undefined;
    const meant = operatorOf(operator, read.rest);
    return meant === undefined ? undefined : testOf(meant, read.version);
  }

  #take(pattern: RegExp): string {
    const found = pattern.exec(this.#text.slice(this.at))?.[0] ?? '';
    this.at += found.length;
    return found;
  }
}

const anything: RattlerVersionTest = () => true;

/** @param rest what stands behind the version: nothing, or stars that change what is asked */
function operatorOf(operator: (typeof operators)[number] | undefined, rest: string): Operator | undefined {
  if (rest === '') return operator ?? '==';
  const isStar = rest === '*' || rest === '.*';
  if (operator === undefined) return isStar || /^(?:\.\*)+\.?$/.test(rest) ? '=' : undefined;
  if (rest !== '*' && !/^(?:\.\*)+$/.test(rest)) return undefined;
  if (operator === '>') return '>=';
  return operator === '!=' && isStar ? '!=.*' : operator;
}

function testOf(operator: Operator, limit: RattlerVersion): RattlerVersionTest {
  const holds = comparisons[operator];
  return (version) => (version === undefined ? undefined : holds(version, limit));
}

const comparisons: Readonly<Record<Operator, (version: RattlerVersion, limit: RattlerVersion) => boolean>> = {
  '==': equalRattlerVersions,
  '!=': (a, b) => !equalRattlerVersions(a, b),
  '<=': (a, b) => compareRattlerVersions(a, b) <= 0,
  '>=': (a, b) => compareRattlerVersions(a, b) >= 0,
  '<': (a, b) => compareRattlerVersions(a, b) < 0,
  '>': (a, b) => compareRattlerVersions(a, b) > 0,
  '=': rattlerStartsWith,
  '!=.*': (a, b) => !rattlerStartsWith(a, b),
  '~=': rattlerCompatible,
};
