/** One judge for the meter and the service: what the examples come to, and that nothing stays behind. */
import { describe, expect, it } from 'vitest';
import type { PassphraseLack } from '../../../shared/passphrase/judge.ts';
import { judgePassphrase } from '../../../shared/passphrase/judge.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { assertStrong } from '../../../src-main/services/passphrase.ts';

const names = ['Borealis Labs', 'Ada Lovelace'];

describe('a passphrase', () => {
  it.each<[string, PassphraseLack['kind']]>([
    ['', 'empty'],
    ['elevenchars', 'too-short'],
    ['Borealis Labs 2026', 'names'],
    ['ada.lovelace@borealis-labs', 'names'],
    ['Latchkey Latchkey 1', 'names'],
    ['Liverpool2024!', 'guessable'],
    ['Mississippi1985', 'guessable'],
    ['Sommer2026!!!!', 'guessable'],
    ['password password', 'guessable'],
    ['Password12345!', 'leaked'],
    ['aaaaaaaaaaaaaaaaaaaa', 'repeats'],
    ['abababababababababab', 'repeats'],
    ['qwertzuiop12345', 'keyboard'],
  ])('%j is weak: %s', async (passphrase, kind) => {
    const { level, lack } = await judgePassphrase(passphrase, names);
    expect(level).toMatch(/weak/);
    expect(lack?.kind).toBe(kind);
    await expect(assertStrong(passphrase, names)).rejects.toMatchObject({
      code: 'PASSPHRASE_TOO_WEAK',
      message: texts.passphrase.lack(lack!),
    });
  });

  it.each([
    'correct horse battery staple',
    'tulip orbit canvas ledger',
    'dX9#kL2$mQ7!',
    'quiet-otter-lantern-83',
  ])('%j is good enough', async (passphrase) => {
    const { level, lack } = await judgePassphrase(passphrase, names);
    expect(lack).toBeUndefined();
    expect(level).toMatch(/good|strong/);
    await expect(assertStrong(passphrase, names)).resolves.toBeUndefined();
  });

  it('counts characters, not code units', async () => {
    expect((await judgePassphrase('🌍🌋🏔🏖🏜🏝', [])).lack).toEqual({ kind: 'too-short', missingChars: 6 });
  });

  it('takes names of one letter, and none, for nothing', async () => {
    expect((await judgePassphrase('tulip orbit canvas ledger', ['', 'X', 'A B'])).lack).toBeUndefined();
  });

  it('is judged by its beginning when it is long', async () => {
    const { level } = await judgePassphrase('tulip orbit canvas ledger '.repeat(40), []);
    expect(level).toBe('strong');
  });
});
