/**
 * A conda spec taken apart as rattler does it (crate `rattler_conda_types`, `match_spec/parse.rs`, lenient as for
 * repodata).
 */
import { isBracketKey, splitAtChannel, withPlaces, type SpecFields, type SpecKey } from './spec-fields.ts';
import { endOfVersionGroup } from './rattler-recognizer.ts';

/** @param spec one that `isPlainSpec` takes. @returns undefined if rattler would refuse it, or we do */
export function rattlerFields(spec: string): SpecFields | undefined {
  const cut = cutBrackets(spec);
  const positional = cut === undefined ? undefined : splitAtChannel(cut.outer);
  if (cut === undefined || positional === undefined) return undefined;
  const trimmed = positional.rest.trim();
  const name = /^[^ ><=!~]+/.exec(trimmed)?.[0];
  if (name === undefined || (!name.includes('*') && !/^[\w.-]+$/.test(name))) return undefined;
  const rest = trimmed.slice(name.length).trim();
  const versionAndBuild = rest === '' ? [] : versionAndBuildOf(rest);
  if (versionAndBuild === undefined) return undefined;
  return [['name', name], ...positional.place, ...versionAndBuild, ...withPlaces(cut.fields)];
}

/** The brackets that close at the end; brackets between quotes do not count. */
function cutBrackets(spec: string): { readonly outer: string; readonly fields: SpecFields } | undefined {
  if (!spec.endsWith(']')) return { outer: spec, fields: [] };
  let depth = 0;
  let open = -1;
  let quote = '';
  for (let at = 0; at < spec.length; at += 1) {
    const character = spec[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (depth > 0 && (character === "'" || character === '"')) {
      quote = character;
    } else if (character === '[') {
      if (depth === 0) open = at;
      depth += 1;
    } else if (character === ']') {
      depth = Math.max(0, depth - 1);
      if (depth === 0 && at < spec.length - 1) open = -1;
    }
  }
  if (open === -1 || depth > 0 || quote !== '') return undefined;
  const fields = fieldsOf(spec.slice(open + 1));
  return fields === undefined ? undefined : { outer: spec.slice(0, open), fields };
}

const pair = /^ *([\w-]+) *= *(?:"([^"]*)"|'([^']*)'|\[([^\]]*)\]|([^,\]'" ][^,\]'"]*)) */;

/** @param text what stands behind the opening bracket, the closing one included */
function fieldsOf(text: string): SpecFields | undefined {
  const fields: (readonly [SpecKey, string])[] = [];
  if (text.startsWith(']')) return fields;
  let at = 0;
  for (;;) {
    const [whole = '', key = '', ...values] = pair.exec(text.slice(at)) ?? [];
    if (!isBracketKey(key)) return undefined;
    fields.push([key, values.find((value) => value !== undefined) ?? '']);
    at += whole.length;
    if (text[at] === ']') return fields;
    if (text[at] !== ',') return undefined;
    at += 1;
  }
}

function versionAndBuildOf(text: string): SpecFields | undefined {
  if (text.includes('[')) return undefined;
  const end = endOfVersionGroup(text);
  if (end === undefined) return undefined;
  const separator = text[end] === ' ' || text[end] === '=' ? 1 : 0;
  const build = text.slice(end + separator).trim();
  const version = withoutEquals(text.slice(0, end).replaceAll(' ', ''), build === '');
  return build === ''
    ? [['version', version]]
    : [
        ['version', version],
        ['build', build],
      ];
}

/** `optionally_strip_equals`: `==1.2` is `1.2`, and `=1.2` without a build is `1.2*`. */
function withoutEquals(version: string, alone: boolean): string {
  if (!version.startsWith('=')) return version;
  if (version.startsWith('==') && alone) return version.slice(2);
  const bare = version.slice(1);
  if (/[=,|]/.test(bare)) return version;
  return alone && !bare.endsWith('*') ? `${bare}*` : bare;
}
