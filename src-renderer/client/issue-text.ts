import { texts } from '../../shared/texts/texts.ts';

/** zod's own sentences for bounds, e.g. `Too big: expected string to have <=64 characters`. */
const bound = /^Too (?:big|small): expected (\w{1,20}) to (?:be|have) ([<>])=?(-?\d{1,15})/;
/** How its other sentences begin; what the schemas here say by themselves is for people already. */
const generic = /^(?:Invalid (?:input|option|string|key|type|enum)|Unrecognized|Expected|unknown field)/i;

/** What a schema's message says in words. @param message as zod or a schema of ours wrote it */
export function issueText(message: string): string {
  const words = texts.issues;
  const found = bound.exec(message);
  if (found !== null) {
    const [, kind, sign, number = ''] = found;
    const isMost = sign === '<';
    if (kind === 'string') return isMost ? words.charactersMost(number) : words.charactersLeast(number);
    if (kind === 'array' || kind === 'set')
      return isMost ? words.itemsMost(number) : words.itemsLeast(number);
    return isMost ? words.numberMost(number) : words.numberLeast(number);
  }
  if (generic.test(message)) return words.invalid;
  return `${texts.grammar.capital(message)}${/[.!?]$/.test(message) ? '' : '.'}`;
}
