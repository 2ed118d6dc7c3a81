/**
 * Where one value of JSON ends that may come in pieces: a string, an object or list with all in it, a number or a word.
 * Invariant: each byte is looked at once. Whether the value is JSON is for whoever reads it.
 */
import { isBlank } from './json-blank.ts';

const quote = 0x22;
const comma = 0x2c;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

export class TokenEnd {
  /** A value has begun whose end has not come yet. */
  isOpen = false;
  /** Between the members of the value, if it is an object or a list: doubled ones too. */
  commas = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  /** A value begins with the next byte. */
  begin(): void {
    this.isOpen = true;
    this.commas = 0;
  }

  /** @returns where it ends, or the end of the input: then it goes on */
  find(input: Buffer, from: number): number {
    let depth = this.#depth;
    let isInString = this.#isInString;
    let isEscaped = this.#isEscaped;
    let commas = this.commas;
    let isOver = false;
    let at = from;
    for (; at < input.length && !isOver; at += 1) {
      const byte = input[at] ?? 0;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) {
          isInString = false;
          isOver = depth === 0;
        }
      } else if (byte === quote) {
        isInString = true;
        // Most strings have no escape: to their end at once.
        const end = input.indexOf(quote, at + 1);
        if (end > at && input[end - 1] !== backslash) at = end - 1;
      } else if (byte === openObject || byte === openList) depth += 1;
      else if (byte === closeObject || byte === closeList) {
        // The end of what is around a number or a word.
        if (depth === 0) break;
        depth -= 1;
        isOver = depth === 0;
      } else if (byte === comma && depth === 1) commas += 1;
      else if (depth === 0 && (byte === comma || isBlank(byte))) break;
    }
    this.commas = commas;
    this.isOpen = !isOver && at === input.length;
    this.#depth = this.isOpen ? depth : 0;
    this.#isInString = this.isOpen && isInString;
    this.#isEscaped = this.isOpen && isEscaped;
    return at;
  }
}
