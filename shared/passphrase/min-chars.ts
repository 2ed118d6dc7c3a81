/** NIST SP 800-63B: length is what counts; 12 is where an offline attack on 64 MiB Argon2id stops being cheap. */
export const minPassphraseChars = 12;
