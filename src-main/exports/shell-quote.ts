/** A word of the POSIX shell that means exactly this text: single quotes, and `'\''` for each of them inside. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
