/**
 * Texts that people type and others read: names, notes, reasons. Invariant: what passes `lineProblem` is one line that
 * reads the same in a form, a terminal, a log and a header: nothing in it ends the line, turns the direction of what
 * follows, or hides. It is asked where a call comes in; the log's stored schemas have rules of their own, because these
 * follow Unicode's tables and may come out differently in another version. Lookalike letters are not its business.
 */

/** Characters that steer the direction of text (UAX #9): 061C, 200E, 200F, 202A–202E, 2066–2069. */
const bidiControl = /\p{Bidi_Control}/u;
const lineBreakOrControl = /[\p{Cc}\u2028\u2029]/u;
/** With the `u` flag a half of a pair only matches where its other half is missing. */
const unpairedSurrogate = /\p{Cs}/u;
/** U+E0000–E007F mirror ASCII without being seen: a hidden text. */
const tagCharacter = /[\u{e0000}-\u{e007f}]/u;
/**
 * The one good use of them: the flags of England (gbeng), Scotland (gbsct) and Wales (gbwls). Spelled out, as
 * `\p{RGI_Emoji_Tag_Sequence}` needs a flag of regular expressions that not every Electron and browser has.
 */
const flagWithTags =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/gu;
/** What leaves no mark: blanks, joiners, zero-width spaces, soft hyphens, fillers, variation selectors, empty braille. */
const invisible = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** What is wrong with a text as one line that people read, said so that it can be mended; undefined when it is fine. */
export function lineProblem(text: string): string | undefined {
  if (lineBreakOrControl.test(text)) return 'must be one line without control characters';
  if (unpairedSurrogate.test(text)) return 'holds half a character; type it again';
  if (bidiControl.test(text)) return 'must not hold characters that turn the direction of the text';
  if (tagCharacter.test(text.replace(flagWithTags, ''))) return 'must not hold hidden characters';
  if (text.trim() !== '' && text.replace(invisible, '') === '') return 'must hold something that can be seen';
  return undefined;
}

/** Joiners (in emoji and in Persian, Hindi …) and variation selectors belong to what stands beside them. */
const shownAsTheyAre = String.raw`\u200c\u200d\ufe00-\ufe0f\u{e0100}-\u{e01ef}`;
const unprintable = new RegExp(
  String.raw`(?![${shownAsTheyAre}])[\p{Cc}\p{Cs}\u2028\u2029\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]`,
  'gu',
);

/**
 * A text that a terminal or a log may be given, wherever it came from: what could steer the terminal, turn the text or
 * hide is written as `\u{202e}`. Line breaks are escaped too.
 */
export function escapeText(text: string): string {
  return text.replace(unprintable, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same for text of several lines: line breaks and tabs stay. */
export function escapeLines(text: string): string {
  return text.replace(unprintable, (char) => (char === '\n' || char === '\t' ? char : escapeText(char)));
}

/** A document in JSON whose strings hold nothing unprintable; a reader gets the same values from it. */
export function escapedJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(unprintable, (char) =>
    char === '\n' ? char : Array.from({ length: char.length }, (_, at) => unitEscape(char, at)).join(''),
  );
}

const unitEscape = (char: string, at: number): string =>
  `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`;
