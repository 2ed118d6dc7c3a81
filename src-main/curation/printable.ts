/** Texts of others are shown and logged: one line, bounded. */
export function printable(text: string, maxChars: number): string {
  // oxlint-disable-next-line no-control-regex
  const line = text
    .slice(0, 4 * maxChars)
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Surrogate}\p{Cf}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ');
  return [...line.trim()].slice(0, maxChars).join('');
}
