import canonicalize from 'canonicalize';

/** The one spelling of a JSON value (RFC 8785). @throws Error for what JSON cannot say (lone surrogates, NaN) */
export function jcs(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('not a JSON value');
  return text;
}

/** Whether a text is the one spelling of the value that it was parsed to. */
export function isJcs(text: string, value: unknown): boolean {
  try {
    return jcs(value) === text;
  } catch {
    // Half a surrogate pair, or nested too deep to be one of ours: no spelling of it is right.
    return false;
  }
}
