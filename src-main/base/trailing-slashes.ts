/** Without the slashes at its end. A pattern would look at each run of slashes in the text as often as it is long. */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
