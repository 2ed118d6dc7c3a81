/**
 * The version part of a conda spec (CEP 29, "Version matching") as conda reads it (conda/models/version.py, `treeify` and
 * `VersionSpec`). Regular expressions (`^…$`) are refused.
 */
import { allOf, anyOf, type Answer } from './answer.ts';
import { globMatches } from '../glob.ts';
import {
  compareCondaVersions,
  condaStartsWith,
  parseCondaVersion,
  type CondaVersion,
} from './conda-version.ts';

/** @param text the record's version as it is written */
export type CondaVersionTest = (text: string, version: CondaVersion | undefined) => Answer;

type Tree = string | { readonly operator: '|' | ','; readonly left: Tree; readonly right: Tree };

const precedence = { '(': 0, '|': 1, ',': 2 } as const;

/** @returns undefined if conda would refuse it */
export function parseCondaVersionSpec(text: string): CondaVersionTest | undefined {
  if (/[\^$]/.test(text)) return undefined;
  const tree = /[()|,]/.test(text) ? treeOf(text) : text;
  return tree === undefined ? undefined : testOf(tree);
}

/** Conda's shunting yard, with its habits: of two expressions side by side the first one counts. */
function treeOf(text: string): Tree | undefined {
  const output: Tree[] = [];
  const stack: ('(' | '|' | ',')[] = [];
  const apply = (least: number): boolean => {
    for (;;) {
      const operator = stack.at(-1);
      if (operator === undefined || operator === '(' || precedence[operator] <= least) return true;
      stack.pop();
      const right = output.pop();
      const left = output.pop();
      if (left === undefined || right === undefined) return false;
      output.push({ operator, left, right });
    }
  };
  for (const [token] of `(${text})`.matchAll(/[()|,]|[^()|,]+/g)) {
    if (token === '|' || token === ',') {
      if (!apply(token === '|' ? precedence['('] : precedence['|'])) return undefined;
      stack.push(token);
    } else if (token === '(') {
      stack.push(token);
    } else if (token === ')') {
      if (!apply(precedence['(']) || stack.pop() !== '(') return undefined;
    } else if (token.trim() !== '') {
      output.push(token.trim());
    }
  }
  return stack.length > 0 ? undefined : output[0];
}

function testOf(tree: Tree): CondaVersionTest | undefined {
  if (typeof tree === 'string') return constraintOf(tree.trim());
  const tests = [testOf(tree.left), testOf(tree.right)];
  const known = tests.filter((test) => test !== undefined);
  if (known.length < tests.length) return undefined;
  const join = tree.operator === '|' ? anyOf<CondaVersionTest> : allOf<CondaVersionTest>;
  return (text, version) => join(known, (test) => test(text, version));
}

function constraintOf(text: string): CondaVersionTest | undefined {
  if (text === '') return undefined;
  if (/^[=<>!~]/.test(text)) return parseCondaRelation(text, { withStars: true });
  if (text === '*') return () => true;
  if (/\*[^*]/.test(text)) {
    // conda makes a regular expression of it and escapes only `.`, `+` and `*`.
    return text.includes('[') ? undefined : (version) => globMatches(text, version);
  }
  if (text.endsWith('*')) {
    const fuzzy = text.endsWith('.*') ? text : `${text.slice(0, -1)}.*`;
    return comparison(withoutEnd(withoutEnd(fuzzy, '*'), '.'), condaStartsWith);
  }
  if (text.includes('@')) return (version) => version === text;
  return comparison(text, (a, b) => compareCondaVersions(a, b) === 0);
}

function withoutEnd(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}

/**
 * One operator with its limit.
 *
 * @param withStars whether `.*` behind the limit is more than a part of it: not so for build numbers
 */
export function parseCondaRelation(
  text: string,
  { withStars }: { readonly withStars: boolean },
): CondaVersionTest | undefined {
  const operator = /^(?:==|!=|<=|>=|~=|[=<>])/.exec(text)?.[0];
  if (operator === undefined) return undefined;
  let limit = text.slice(operator.length);
  if (limit === '' || /^[=<>!~]/.test(limit) || /\s/.test(limit)) return undefined;
  const fuzzy = withStars && limit.endsWith('.*');
  if (fuzzy) limit = limit.slice(0, -2);
  switch (operator) {
    case '=':
      return comparison(limit, condaStartsWith);
    case '==':
      return comparison(limit, (a, b) => compareCondaVersions(a, b) === 0);
    case '!=':
      return fuzzy
        ? comparison(limit, (a, b) => !condaStartsWith(a, b))
        : comparison(limit, (a, b) => compareCondaVersions(a, b) !== 0);
    case '<=':
      return comparison(limit, (a, b) => compareCondaVersions(a, b) <= 0);
    case '>=':
      return comparison(limit, (a, b) => compareCondaVersions(a, b) >= 0);
    case '<':
      return comparison(limit, (a, b) => compareCondaVersions(a, b) < 0);
    case '>':
      return comparison(limit, (a, b) => compareCondaVersions(a, b) > 0);
    default:
      return fuzzy ? undefined : compatible(limit);
  }
}

function comparison(
  limit: string,
  holds: (version: CondaVersion, limit: CondaVersion) => boolean,
): CondaVersionTest | undefined {
  const parsed = parseCondaVersion(limit);
  if (parsed === undefined) return undefined;
  return (_, version) => (version === undefined ? undefined : holds(version, parsed));
}

/** `~=1.2`: conda fails where the limit has no dot, but only once a version is large enough. */
function compatible(limit: string): CondaVersionTest | undefined {
  const parsed = parseCondaVersion(limit);
  if (parsed === undefined) return undefined;
  const prefix = parseCondaVersion(limit.split('.').slice(0, -1).join('.'));
  return (_, version) => {
    if (version === undefined) return undefined;
    if (compareCondaVersions(version, parsed) < 0) return false;
    return prefix === undefined ? undefined : condaStartsWith(version, prefix);
  };
}
