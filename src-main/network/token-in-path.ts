/** conda's token in a URL: the part behind a part `t`. */
export type TokenInPath = {
  readonly token: string;
  /** What stands before `/t/`, and so where the token belongs: empty at the root. */
  readonly before: string;
  /** The path without token. */
  readonly rest: string;
};

/** @param pathname as the URL parser gives it */
export function tokenInPath(pathname: string): TokenInPath | undefined {
  const parts = pathname.split('/');
  for (const [index, part] of parts.entries()) {
    const token = parts[index + 1] ?? '';
    if ((part !== 't' && part !== '%74') || token === '') continue;
    const before = parts.slice(0, index).join('/');
    return { token, before, rest: `${before}/${parts.slice(index + 2).join('/')}` };
  }
  return undefined;
}
