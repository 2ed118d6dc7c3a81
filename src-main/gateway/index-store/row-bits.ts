/** The verdicts of rows, block by block: bits of the rules that object, then states. */
import { noNumber } from './entry-scanner.ts';
import type { RowColumns } from './row-columns.ts';
import { stateOfBits } from './row-states.ts';

/** What is called often is compiled well soon. */
export const blockRows = 8192;

export type Bits = {
  readonly names: Uint8Array;
  /** The last one is of those that say none. */
  readonly licenses: Uint8Array;
  readonly all: number;
};

/**
 * Adds what is said of all rows, of names and of licences to what is said of single rows.
 * @param states bits so far
 */
export function addBits(
  states: Uint8Array,
  from: number,
  to: number,
  { nameIds, licenseIds }: Pick<RowColumns, 'nameIds' | 'licenseIds'>,
  { names, licenses, all }: Bits,
): void {
  const none = licenses.length - 1;
  for (let row = from; row < to; row += 1) {
    const license = licenseIds[row] ?? noNumber;
    const ofName = names[nameIds[row] ?? 0] ?? 0;
    const ofLicense = licenses[license === noNumber ? none : license] ?? 0;
    states[row] = all | ofName | ofLicense | (states[row] ?? 0);
  }
}

/** @returns the earliest of those that are too young, in milliseconds since the epoch */
export function addAge(
  states: Uint8Array,
  from: number,
  to: number,
  timesMs: Float64Array,
  fromMs: number,
  bit: number,
): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (let row = from; row < to; row += 1) {
    const time = timesMs[row] ?? 0;
    if (time <= fromMs) continue;
    states[row] = (states[row] ?? 0) | bit;
    if (time < earliest) earliest = time;
  }
  return earliest;
}

/** @param counts of each state, added to */
export function bitsToStates(states: Uint8Array, from: number, to: number, counts: Uint32Array): void {
  for (let row = from; row < to; row += 1) {
    const state = stateOfBits[states[row] ?? 0] ?? 0;
    states[row] = state;
    counts[state] = (counts[state] ?? 0) + 1;
  }
}
