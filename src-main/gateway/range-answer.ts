/** What a part of a file is, by `Content-Range` (RFC 9110, 14.4), and whether it is one that was asked for. */

const contentRange = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/;
const askedRange = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * @param range the `Range` that was sent; of several ranges any one of the file may come
 * @returns undefined if it is another part, or none
 */
export function partOf(range: string, given: string | undefined): { readonly bytes: number } | undefined {
  const found = contentRange.exec(given ?? '');
  if (found === null) return undefined;
  const [first, last] = [Number(found[1]), Number(found[2])];
  const total = found[3] === '*' ? undefined : Number(found[3]);
  if (last < first || (total !== undefined && last >= total)) return undefined;
  const asked = askedRange.exec(range.replaceAll(/\s/g, ''));
  if (asked !== null && !isWithin(asked[1] ?? '', asked[2] ?? '', { first, last, total })) return undefined;
  return { bytes: last - first + 1 };
}

function isWithin(
  from: string,
  to: string,
  { first, last, total }: { first: number; last: number; total: number | undefined },
): boolean {
  if (from !== '') return first === Number(from) && (to === '' || last <= Number(to));
  // The last so many bytes: less where the file is shorter.
  if (total === undefined) return last - first + 1 <= Number(to);
  return first === Math.max(0, total - Number(to)) && last === total - 1;
}
