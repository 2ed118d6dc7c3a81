import { describe, expect, it } from 'vitest';
import { errorCodes, LatchkeyError } from '../../../shared/errors.ts';
import { errorText } from '../../../src-renderer/client/error-text.ts';
import { defaultSavePath, formatsFor } from '../../../src-renderer/features/tokens/export-formats.ts';
import { barsFor } from '../../../src-renderer/ui/request-chart.tsx';
import { judgeStrength } from '../../../src-renderer/ui/strength.ts';

describe('error texts', () => {
  it.each(errorCodes)('%s has a title, a sentence and its code', (code) => {
    const shown = errorText(new LatchkeyError(code, 'What to do.'));
    expect(shown.code).toBe(code);
    expect(shown.title).not.toBe('');
    expect(shown.text).not.toBe('');
  });

  it('lists every reason of a refusal', () => {
    const error = new LatchkeyError('POLICY_DENIED', 'm', { details: { reasons: ['a', 'b'] } });
    expect(errorText(error).reasons).toEqual(['a', 'b']);
  });

  it('calls anything else a bug and shows none of its text', () => {
    expect(errorText(new Error('secret inside'))).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(errorText(new Error('secret inside')))).not.toContain('secret inside');
  });
});

describe('passphrase strength', () => {
  it('wants twelve characters whatever the score', () => {
    expect(judgeStrength('elevenchars', 4, null)).toMatchObject({
      ok: false,
      advice: '1 more character needed.',
    });
  });
  it('wants a score of three whatever the length', () => {
    expect(judgeStrength('passwordpassword', 2, null).ok).toBe(false);
    expect(judgeStrength('quiet otter paints', 3, null)).toMatchObject({ ok: true, word: 'Good' });
  });
});

describe('exports', () => {
  it('offers the formats that fit the kinds of the channels', () => {
    expect(formatsFor(new Set(['conda'])).map((format) => format.id)).toEqual([
      'condarc',
      'rattler-auth',
      'env',
    ]);
    expect(formatsFor(new Set(['pypi'])).map((format) => format.id)).toEqual([
      'pip-conf',
      'pip-netrc',
      'uv-toml',
      'env',
    ]);
  });
  it.each([
    ['/home/maria/', 'linux', '/home/maria/Downloads/.condarc'],
    ['C:\\Users\\maria', 'win32', 'C:\\Users\\maria\\Downloads\\.condarc'],
  ])('saves below %s on %s at %s', (home, platform, path) => {
    expect(defaultSavePath(home, platform, '.condarc')).toBe(path);
  });
});

describe('the request chart', () => {
  it('fills its height with the busiest slot and shows even a single request', () => {
    const bars = barsFor(
      [
        { atMs: 0, allowed: 900, denied: 100 },
        { atMs: 1, allowed: 1, denied: 0 },
      ],
      100,
      50,
    );
    expect(bars[0]).toMatchObject({ allowed: 45, denied: 5 });
    expect(bars[1]).toMatchObject({ allowed: 1, denied: 0 });
  });
});
