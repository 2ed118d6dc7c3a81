import { describe, expect, it } from 'vitest';
import { takeTurns } from '../../../scripts/support/turns.mjs';

describe('output of steps that run side by side', () => {
  it('stays whole, in the order in which they began, the first one’s as it comes', () => {
    const shown: unknown[] = [];
    const join = takeTurns((text) => shown.push(text));
    const [first, second, third] = [join(), join(), join()];
    third.write('3a');
    second.write('2a');
    first.write('1a');
    expect(shown).toEqual(['1a']);
    second.write('2b');
    second.end();
    first.write('1b');
    expect(shown).toEqual(['1a', '1b']);
    first.end();
    expect(shown).toEqual(['1a', '1b', '2a', '2b', '3a']);
    third.write('3b');
    third.end();
    const late = join();
    late.write('4a');
    expect(shown.slice(5)).toEqual(['3b', '4a']);
  });
});
