/**
 * A conda spec taken apart as conda does it (conda/models/match_spec.py, `_parse_spec_str`), with its habits: what stands
 * between parentheses is dropped, and `=1.2` with a build is exact.
 */
import { isBracketKey, splitAtChannel, withPlaces, type SpecFields, type SpecKey } from './spec-fields.ts';

/** @param spec one that `isPlainSpec` takes. @returns undefined if conda would refuse it, or we do */
export function condaFields(spec: string): SpecFields | undefined {
  const { inner, outer } = cutLast(spec, '[', ']');
  const pairs = inner === undefined ? [] : pairsOf(inner);
  const positional = splitAtChannel(cutLast(outer, '(', ')').outer);
  if (pairs === undefined || positional === undefined) return undefined;
  const found = /^[^ =<>!~]+/.exec(positional.rest)?.[0];
  if (found === undefined || !isName(found)) return undefined;
  const rest = positional.rest.slice(found.length);
  const versionAndBuild = rest.length < 2 ? [] : versionAndBuildOf(rest.trim());
  if (versionAndBuild === undefined) return undefined;
  // What is between brackets wins, except for the name.
  return [
    ['name', found.toLowerCase()],
    ...positional.place,
    ...versionAndBuild,
    ...withPlaces(pairs.filter(([key]) => key !== 'name')),
  ];
}

/** The last pair of brackets with what is inside; it is cut out wherever the same stands. */
function cutLast(text: string, open: string, close: string): { inner?: string; outer: string } {
  const end = text.lastIndexOf(close);
  const start = end <= 0 ? -1 : text.lastIndexOf(open, end - 1);
  if (start === -1) return { outer: text };
  const whole = text.slice(start, end + 1);
  return { inner: whole.slice(1, -1), outer: text.replaceAll(whole, '') };
}

/** `key=value` pairs; whatever stands between them is passed over. */
function pairsOf(text: string): SpecFields | undefined {
  const pairs: (readonly [SpecKey, string])[] = [];
  let at = 0;
  while (at < text.length) {
    const key = /^[\w-]+/.exec(text.slice(at))?.[0] ?? '';
    const start = at + key.length + 1;
    if (key === '' || text[start - 1] !== '=') {
      at += Math.max(1, key.length);
      continue;
    }
    const value = valueAt(text, start);
    at = value === undefined ? start : value.end;
    if (value === undefined) continue;
    if (value.text === '' || (key !== 'name' && !isBracketKey(key))) return undefined;
    pairs.push([key, key === 'version' ? sanitized(value.text) : value.text]);
  }
  return pairs;
}

/** A value up to a comma, a space or the end, quoted or not; quotes stand at its ends only. */
function valueAt(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    const length = text.slice(start + 1).search(/['"]/);
    const end = start + 1 + length;
    const next = text[end + 1] ?? ',';
    if (length === -1 || text[end] !== quote || (next !== ',' && next !== ' ')) return undefined;
    return { text: text.slice(start + 1, end), end: end + 2 };
  }
  const value = /^[^, ]*/.exec(text.slice(start))?.[0] ?? '';
  return /['"]/.test(value) ? undefined : { text: value, end: start + value.length + 1 };
}

/** CEP 26, as conda checks it; patterns are not checked. */
function isName(name: string): boolean {
  if (name.includes('*')) return true;
  const lower = name.toLowerCase();
  const start = /^(?:_{0,2}[a-z0-9]|_(?!_))/.exec(lower)?.[0];
  const rest = lower.slice(start?.length);
  return start !== undefined && /^[a-z0-9._-]*$/.test(rest) && !/[._-]{2}/.test(rest);
}

/** Where the build begins: behind the first space or `=` after which no operator follows. */
function versionAndBuildOf(text: string): SpecFields | undefined {
  if (text === '') return [];
  if (text.includes('[')) return undefined;
  const end = endOfVersion(text);
  const version = text.slice(0, end).replaceAll(' ', '');
  const build = end === text.length ? undefined : text.slice(end + 1).trim();
  const whole: SpecFields = [['version', sanitized(version, build)]];
  return build === undefined ? whole : [...whole, ['build', build]];
}

/** The order of ends is that in which conda's regular expression tries them. */
function endOfVersion(text: string): number {
  const lastOperator = Math.max(...[...'-=,|<>~'].map((sign) => text.lastIndexOf(sign)));
  const ends = (end: number): boolean => {
    if (end === text.length) return true;
    if (text[end] !== ' ' && text[end] !== '=') return false;
    return !'=!|,<>~'.includes(text[end - 1] ?? '=') && end >= lastOperator && end + 1 < text.length;
  };
  for (let length = 1; length <= text.length; length += 1) {
    if (length < text.length && !'><!,|'.includes(text[length] ?? '>') && ends(length + 1)) return length + 1;
    if (ends(length)) return length;
  }
  return text.length;
}

/** `_sanitize_version_str`: `==1.2` is `1.2`, and `=1.2` without a build is `1.2*`. */
function sanitized(version: string, build?: string): string {
  if (version === '==' || version === '=' || !version.startsWith('=')) return version;
  const bare = version.replace(/^=+/, '');
  if (version.startsWith('==') && build === undefined) return bare;
  if (/[=,|]/.test(bare)) return version;
  return build === undefined && !bare.endsWith('*') ? `${bare}*` : bare;
}
