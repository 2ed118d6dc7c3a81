import { ZxcvbnFactory } from '@zxcvbn-ts/core';

/**
 * The commonest parts of guessed passphrases. No language pack is bundled (megabytes for a meter); this catches what
 * length alone would praise, such as "password password".
 */
const common = (
  'password passwort passphrase qwerty qwertz azerty letmein welcome admin administrator root secret changeme ' +
  'iloveyou dragon monkey sunshine princess football baseball master hello freedom whatever trustno1 superman batman ' +
  'shadow michael jordan login access default guest test testing correct horse battery staple company organization ' +
  'latchkey conda anaconda python token vault summer winter spring autumn monday january december love please'
).split(' ');

const factory = new ZxcvbnFactory({ dictionary: { common } });

/** @returns zxcvbn's score (0 to 4). @param own words that belong to this person or organization */
export function rate(passphrase: string, own: readonly string[]): number {
  // Work grows with length: what is beyond 100 characters cannot make it worse.
  return factory.check(passphrase.slice(0, 100), [...own]).score;
}
