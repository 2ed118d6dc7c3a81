/**
 * Where the version part of a spec ends and the build begins, as rattler recognizes it (crate `rattler_conda_types`,
 * `split_version_and_build` and `version_tree.rs`).
 */

/** @returns the position behind the version part, undefined if none begins here */
export function endOfVersionGroup(text: string, start = 0): number | undefined {
  let end = endOfConstraint(text, start);
  while (end !== undefined) {
    const separator = /^ *[,|] */.exec(text.slice(end))?.[0];
    if (separator === undefined) return end;
    end = endOfConstraint(text, end + separator.length);
  }
  return undefined;
}

function endOfConstraint(text: string, start: number): number | undefined {
  if (text[start] === '(') {
    const end = endOfVersionGroup(text, start + 1);
    return end !== undefined && text[end] === ')' ? end + 1 : undefined;
  }
  const special = endOfFuzzy(text, start);
  if (special !== 'none') return special;
  if (text[start] === '*') return start + (text.startsWith('.*', start + 1) ? 3 : 1);
  const operator = /^ *(?:[=!<>~]=|[=<>]) */.exec(text.slice(start))?.[0] ?? '';
  const at = start + operator.length;
  const end = endOfVersion(text, at);
  if (end === 'none') return text[at] === '*' ? at + 1 : undefined;
  return end === undefined ? undefined : end + (/^[.*]*/.exec(text.slice(end))?.[0].length ?? 0);
}

/** `=*`, `=1.2` and `=1.2.*` */
function endOfFuzzy(text: string, start: number): number | undefined | 'none' {
  if (text[start] !== '=') return 'none';
  const end = endOfVersion(text, start + 1);
  if (end === 'none') return text[start + 1] === '*' ? start + 2 : 'none';
  return end === undefined ? undefined : end + (/^\.?\*/.exec(text.slice(end))?.[0].length ?? 0);
}

const component = /^(?:[A-Za-z]+|\d+|\*)/;

/** @returns 'none' if no version begins here, undefined if nothing follows a `+` */
function endOfVersion(text: string, start: number): number | undefined | 'none' {
  const epoch = /^(\d+)!/.exec(text.slice(start));
  const isEpoch = epoch !== null && BigInt(epoch[1] ?? '') < 4_294_967_296n;
  const end = endOfComponents(text, isEpoch ? start + epoch[0].length : start);
  if (end === undefined) return 'none';
  return text[end] === '+' ? endOfComponents(text, end + 1) : end;
}

function endOfComponents(text: string, start: number): number | undefined {
  const first = component.exec(text.slice(start))?.[0];
  if (first === undefined) return undefined;
  let end = start + first.length;
  for (;;) {
    const separators = /^[._-]*/.exec(text.slice(end))?.[0] ?? '';
    const next = component.exec(text.slice(end + separators.length))?.[0];
    if (next === undefined) return end + (/^[_-]*/.exec(text.slice(end))?.[0].length ?? 0);
    end += separators.length + next.length;
  }
}
