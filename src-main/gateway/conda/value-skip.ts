import { isBlank } from '../documents/json-blank.ts';
import { LinkFilterError } from './index-strings.ts';

/** Passes over one JSON value that comes in pieces; what is around it ends it too. */
export class ValueSkip {
  isOver = false;
  #depth = 0;
  #hasBegun = false;
  #isInString = false;
  #isEscaped = false;

  /**
   * @returns just after the value, or the input's length while it goes on
   * @throws LinkFilterError
   */
  pass(input: Buffer, from: number): number {
    for (let at = from; at < input.length; at += 1) {
      const byte = input[at] ?? 0;
      if (byte === 0) throw new LinkFilterError('NUL byte');
      const after = this.#isInString ? this.#inString(byte) : this.#outside(byte);
      if (after === undefined) continue;
      this.isOver = true;
      return at + after;
    }
    return input.length;
  }

  /** How many bytes further it is over; undefined while it is not. */
  #inString(byte: number): 1 | undefined {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === 0x5c) this.#isEscaped = true;
    else if (byte === 0x22) {
      this.#isInString = false;
      if (this.#depth === 0) return 1;
    }
    return undefined;
  }

  #outside(byte: number): 0 | 1 | undefined {
    if (isBlank(byte)) return this.#hasBegun && this.#depth === 0 ? 0 : undefined;
    if (byte === 0x22) this.#isInString = true;
    else if (byte === 0x7b || byte === 0x5b) this.#depth += 1;
    else if (byte === 0x7d || byte === 0x5d) {
      if (this.#depth === 0) return 0;
      this.#depth -= 1;
      if (this.#depth === 0) return 1;
    } else if (byte === 0x2c && this.#depth === 0) return 0;
    this.#hasBegun = true;
    return undefined;
  }
}
