import canonicalize from 'canonicalize';

/** The one spelling of a JSON value (RFC 8785). @throws Error for what JSON cannot say (lone surrogates, NaN) */
export function jcs(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('not a JSON value');
  return text;
}

/** Perhaps half a surrogate pair: only as an escape can it stand in a text that was read from UTF-8. */
const maybeSurrogate = /\\ud[89a-f]/;

/**
 * Whether a text is the one spelling of the value that it was parsed to. JavaScript's own spelling of strings and numbers
 * is the one that RFC 8785 prescribes, so what is left is the order of members; a replay asks this twice a line.
 */
export function isJcs(text: string, value: unknown): boolean {
  try {
    if (JSON.stringify(value) === text && hasSortedMembers(value) && !maybeSurrogate.test(text)) return true;
    // Not by this: names like numbers keep no order in JavaScript, and an escaped backslash may look like a surrogate.
    return jcs(value) === text;
  } catch {
    // Half a surrogate pair, or nested too deep to be one of ours: no spelling of it is right.
    return false;
  }
}

/** In the order of UTF-16 code units, in every object. */
function hasSortedMembers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(hasSortedMembers);
  let before: string | undefined;
  for (const [name, member] of Object.entries(value)) {
    if (before !== undefined && before >= name) return false;
    if (!hasSortedMembers(member)) return false;
    before = name;
  }
  return true;
}
