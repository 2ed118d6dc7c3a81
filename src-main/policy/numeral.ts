/**
 * The whole numbers inside version texts. They may have any number of digits (dates with times, hashes), so a value
 * beyond what a double holds exactly is a bigint. Each value has one form only: `===` and `<` work on both.
 */
export type Numeral = number | bigint;

/** 10^15 - 1 is the longest run of nines below 2^53. */
const exactDigits = 15;

/** @param digits ASCII digits only, at least one; leading zeros count for nothing, as in Python's `int`. */
export function numeralOf(digits: string): Numeral {
  let start = 0;
  while (start < digits.length - 1 && digits.charCodeAt(start) === 48) start += 1;
  const bare = start === 0 ? digits : digits.slice(start);
  return bare.length <= exactDigits ? Number(bare) : BigInt(bare);
}

/** @returns below 0, 0 or above 0, as `sort` wants it. */
export function compareNumerals(a: Numeral, b: Numeral): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
