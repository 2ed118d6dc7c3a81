import { describe, expect, it } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import { errorText } from '../../../src-renderer/client/error-text.ts';
import { exportFormatsFor, exportGroups, formatsOf } from '../../../shared/model/export-formats.ts';
import { sentenceOf } from '../../../shared/texts/said.ts';
import { defaultSavePath } from '../../../src-renderer/features/tokens/export-request.ts';
import { barsFor } from '../../../src-renderer/ui/request-chart.tsx';

describe('error texts', () => {
  it('have a title by code and say what the error says', () => {
    expect(
      errorText(
        new LatchkeyError('NAME_TAKEN', 'Choose another.', { details: { what: 'team', name: 'web' } }),
      ),
    ).toEqual({
      code: 'NAME_TAKEN',
      title: 'This name is taken',
      text: 'Choose another.',
      list: [],
    });
  });

  it('lists every reason of a refusal', () => {
    const reasons = [
      { policyName: 'short', rule: 'tokens.lifetime', evidence: { ttlDays: 90, maxTtlDays: 30 } },
      { policyName: 'office', rule: 'tokens.networks', evidence: {} },
    ] as const;
    expect(errorText(new LatchkeyError('POLICY_DENIED', 'm', { details: { reasons } })).list).toEqual([
      'a lifetime of 90 days exceeds the limit of 30 days (policy short)',
      'source networks are required (policy office)',
    ]);
  });

  it('names what still uses something, and how many more', () => {
    const users = [
      { kind: 'token', id: 'aB3xQ9zK', name: 'Grace Hopper' },
      { kind: 'policy', id: 'p', name: 'prod-tokens' },
    ];
    const details = { what: 'team', id: 't', users, total: 1202 };
    expect(errorText(new LatchkeyError('IN_USE', 'm', { details })).list).toEqual([
      'token lk-aB3xQ9zK of Grace Hopper',
      'policy prod-tokens',
      'and 1,200 more',
    ]);
  });

  it('says how much of an older vault is missing, and when it is another one', () => {
    const rolledBack = (foundLines: number) => sentenceOf(['rolledBack', 12, foundLines]);
    expect(rolledBack(1)).toContain(
      'already read 12 lines of this vault; the one here now ends after 1 line.',
    );
    expect(rolledBack(0)).toContain('the one here now is empty.');
    expect(rolledBack(12)).toContain('up to line 12; the one here now goes another way.');
  });

  it('says what to do about a newer vault', () => {
    expect(sentenceOf(['newerLog', 2, 1])).toContain('(format 2; this one reads up to 1). Nothing is wrong');
  });

  it('calls anything else a bug and shows none of its text', () => {
    expect(errorText(new Error('secret inside'))).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(errorText(new Error('secret inside')))).not.toContain('secret inside');
  });
});

describe('exports', () => {
  it('offers the formats that fit the kinds of the channels', () => {
    const conda = exportFormatsFor(new Set(['conda']));
    expect(conda.slice(0, 4)).toEqual(['conda-netrc', 'pixi-login', 'rattler-auth', 'condarc']);
    const pypi = exportFormatsFor(new Set(['pypi']));
    expect(pypi[0]).toBe('pip-netrc');
    expect(pypi).not.toContain('condarc');
    // One recommended format per kind of channel, shown first.
    expect(formatsOf('recommended', conda)).toEqual(['conda-netrc']);
    expect(formatsOf('recommended', pypi)).toEqual(['pip-netrc']);
    const both = exportFormatsFor(new Set(['conda', 'pypi']));
    expect(both.slice(0, 2)).toEqual(['conda-netrc', 'pip-netrc']);
    expect(both).toEqual(exportGroups.flatMap((group) => formatsOf(group, both)));
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
