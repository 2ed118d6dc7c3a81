import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJcs } from '../../../src-main/vault/jcs.ts';

/** As the RFC's reference implementation has it. */
function isCanonical(text: string, value: unknown): boolean {
  try {
    return canonicalize(value) === text;
  } catch {
    return false;
  }
}
const agreed = (text: string): boolean => {
  const value: unknown = JSON.parse(text);
  const found = isJcs(text, value);
  expect(found).toBe(isCanonical(text, value));
  return found;
};
const name = fc.oneof(
  fc.constantFrom('', '9', '10', '1.5', '-1', '__proto__', 'toJSON', 'é', '\u{10000}', '\uffff', 'a', 'B'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom(null, true, false, 0, -0, 1e21, 1e-7, 0.1, 5e-324, Number.MAX_SAFE_INTEGER),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.uniqueArray(fc.tuple(name, tie('any')), { maxLength: 5, selector: ([key]) => key }).map((members) => {
      const made: Record<string, unknown> = {};
      for (const [key, member] of members)
        Object.defineProperty(made, key, {
          value: member,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      return made;
    }),
  ),
})).any;

describe('the one spelling', () => {
  it('is told as by the reference implementation: the right one, and the same in another order or form', () => {
    fc.assert(
      fc.property(value, fc.nat(), (one, at) => {
        const right = canonicalize(one) as string;
        expect(agreed(right)).toBe(true);
        agreed(JSON.stringify(one));
        agreed(JSON.stringify(one, undefined, 1));
        const place = at % (right.length + 1);
        for (const other of [' ', '0', '\\u0061', '\\ud800'])
          tryAgreed(right.slice(0, place) + other + right.slice(place));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"a":1,"b":2}', true],
    ['{"b":2,"a":1}', false],
    ['{"10":1,"9":2}', true],
    ['{"9":2,"10":1}', false],
    ['{"a":1,"a":1}', false],
    ['{"a":1.0}', false],
    ['-0', false],
    ['1e400', false],
    ['"\\ud800"', false],
    ['"\\\\ud800"', true],
    ['"\\u001f"', true],
    ['"\\u001F"', false],
    ['"\\/"', false],
    ['[{"b":1,"a":1}]', false],
    ['{"\u{10000}":1,"\uffff":1}', true],
    ['{"\uffff":1,"\u{10000}":1}', false],
    ['{"__proto__":{"b":1,"a":1}}', false],
  ])('%s: %s', (text, isRight) => {
    expect(agreed(text)).toBe(isRight);
  });

  it('is none of what is nested deeper than anything that is written here', () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    let parsed: unknown = [];
    for (let depth = 1; depth < 100_000; depth += 1) parsed = [parsed];
    expect(isJcs(text, parsed)).toBe(false);
  });
});

function tryAgreed(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    return;
  }
  agreed(text);
}
