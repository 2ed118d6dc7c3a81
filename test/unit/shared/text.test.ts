import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayName, note } from '../../../shared/model/domain.ts';
import { escapedJson, escapeLines, escapeText, lineProblem } from '../../../shared/model/text.ts';

const control = 'must be one line without control characters';
const half = 'holds half a character; type it again';
const direction = 'must not hold characters that turn the direction of the text';
const hidden = 'must not hold hidden characters';
const unseen = 'must hold something that can be seen';

/** As in `ci\u{e0070}…`: what it says, in tag characters. */
const inTags = (text: string) =>
  [...text].map((char) => String.fromCodePoint(0xe0000 + (char.codePointAt(0) ?? 0))).join('');

describe('a text of one line', () => {
  it.each([
    ['a NUL', 'a\u0000b', control],
    ['a line feed', 'a\nb', control],
    ['a carriage return', 'a\rb', control],
    ['an escape sequence', '\u001b[31mred', control],
    ['a delete', 'a\u007f', control],
    ['a C1 control', 'a\u009b31m', control],
    ['a next line', 'a\u0085b', control],
    ['a line separator', 'a\u2028b', control],
    ['a paragraph separator', 'a\u2029b', control],
    ['a right-to-left override', 'gpj.\u202eexe', direction],
    ['an embedding', '\u202ab', direction],
    ['a left-to-right isolate', '\u2066b\u2069', direction],
    ['a left-to-right mark', 'a\u200e', direction],
    ['a right-to-left mark', 'a\u200f', direction],
    ['an Arabic letter mark', 'a\u061c', direction],
    ['half of an emoji, the first', 'a\ud83d', half],
    ['half of an emoji, the second', '\ude00a', half],
    ['two halves the wrong way round', '\ude00\ud83d', half],
    ['a hidden text', `ci${inTags('admin')}`, hidden],
    ['a hidden text behind a flag', `\u{1f3f4}${inTags('admin')}\u{e007f}`, hidden],
    ['a zero-width space alone', '\u200b', unseen],
    ['a byte order mark behind a joiner', '\u200d\ufeff', unseen],
    ['word joiners', '\u2060\u2060', unseen],
    ['a soft hyphen', ' \u00ad ', unseen],
    ['a Hangul filler', '\u3164', unseen],
    ['an empty braille pattern', '\u2800', unseen],
    ['variation selectors', '\ufe0f\ufe0f', unseen],
    ['a grapheme joiner', '\u034f', unseen],
  ])('is refused with %s', (_, text, problem) => {
    expect(lineProblem(text)).toBe(problem);
    expect(displayName.safeParse(text).error?.issues[0]?.message).toBe(problem);
    expect(note.safeParse(text).success).toBe(false);
  });

  it.each([
    ['plain letters', 'Ada Lovelace'],
    ['accents, composed and not', 'Zoë and Zoe\u0308'],
    ['Hebrew and Arabic', 'שלום مرحبا'],
    ['a Persian word with a non-joiner', 'می\u200cخواهم'],
    ['a family joined into one emoji', '👩\u200d👩\u200d👧'],
    ['a heart with its selector', '❤\ufe0f'],
    ['the flag of Scotland', `\u{1f3f4}${inTags('gbsct')}\u{e007f}`],
    ['Japanese with an ideographic space', '山田\u3000太郎'],
  ])('may hold %s', (_, text) => {
    expect(lineProblem(text)).toBeUndefined();
    expect(escapeText(displayName.parse(text)).replaceAll(/\\u\{e00..\}/g, '')).not.toContain('\\u');
  });

  it('may be empty where it is a note, not where it is a name', () => {
    expect(note.parse('  ')).toBe('');
    expect(displayName.safeParse('  ').error?.issues[0]?.message).toBe('must not be empty');
  });

  it('never ends its line, nor turns what stands behind it, whatever was accepted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        fc.pre(lineProblem(text) === undefined);
        expect(text).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u);
      }),
    );
  });
});

describe('a text for a terminal', () => {
  it.each([
    ['gpj.\u202eexe', 'gpj.\\u{202e}exe'],
    ['\u001b]0;owned\u0007', '\\u{1b}]0;owned\\u{7}'],
    ['a\u009b2Jb', 'a\\u{9b}2Jb'],
    ['one\r\ntwo', 'one\\u{d}\\u{a}two'],
    ['a\u200bb', 'a\\u{200b}b'],
    ['x\ud800', 'x\\u{d800}'],
    [`ci${inTags('a')}`, 'ci\\u{e0061}'],
    ['می\u200cخواهم 👩\u200d👧 ❤\ufe0f', 'می\u200cخواهم 👩\u200d👧 ❤\ufe0f'],
  ])('%j is shown as %j', (text, shown) => {
    expect(escapeText(text)).toBe(shown);
  });

  it('keeps its own line breaks where it has several lines', () => {
    expect(escapeLines('a\tb\nc\u001b\r\n')).toBe('a\tb\nc\\u{1b}\\u{d}\n');
  });

  it('steers nothing, whatever went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeText(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u);
        expect(escapeLines(text).replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/u);
      }),
    );
  });

  it('as JSON holds the same values and nothing unprintable', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (value) => {
        const text = escapedJson(value, 2);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });
});
