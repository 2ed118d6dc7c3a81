import { describe, expect, it } from 'vitest';
import {
  cvssScore,
  highestSeverity,
  severityOfVector,
  severityOfWord,
} from '../../../src-main/curation/severity.ts';

const base31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

describe('the score of a CVSS vector', () => {
  // NVD and FIRST's own examples.
  it.each([
    ['AV:N/AC:L/Au:N/C:P/I:N/A:N', 5, 'medium'],
    ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10, 'high'],
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'medium'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5, 'high'],
    [base31, 9.8, 'critical'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0, 'none'],
    ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3, 'high'],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3, 'critical'],
  ])('%s is %d, %s', (vector, score, severity) => {
    expect(cvssScore(vector)).toBe(score);
    expect(severityOfVector(vector)).toBe(severity);
  });

  it('is not lowered by what others think of the threat', () => {
    expect(cvssScore(`${base31}/E:U/RL:O/RC:U`)).toBe(9.8);
    expect(cvssScore('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U')).toBe(9.3);
  });

  it.each([
    '',
    'high',
    'CVSS:3.1/AV:N/AC:L',
    base31.replace('CVSS:3.1', 'CVSS:9.9'),
    base31.replace('CVSS:3.1', 'CVSS:4.0'),
    base31.replace('CVSS:3.1/', ''),
    `${base31}/C:N`,
    `${base31}/XX:Y`,
    `${base31}/`,
    base31.replace('AV:N', 'AV:Q'),
    base31.replace('AV:N', 'AV:X'),
    base31.toLowerCase(),
    `(${base31})`,
    'AV:N/AC:L/Au:N/C:P/I:N',
    'A:'.repeat(10_000),
  ])('%j has none', (vector) => {
    expect(cvssScore(vector)).toBeUndefined();
    expect(severityOfVector(vector)).toBeUndefined();
  });
});

describe('severities', () => {
  it('are read from the words of databases', () => {
    expect(['CRITICAL', 'Moderate', 'low', 'important', '?'].map(severityOfWord)).toEqual([
      'critical',
      'medium',
      'low',
      'high',
      undefined,
    ]);
  });

  it('count by the worst that is known', () => {
    expect(highestSeverity(['low', undefined, 'high', 'none'])).toBe('high');
    expect(highestSeverity([undefined])).toBeUndefined();
    expect(highestSeverity([])).toBeUndefined();
  });
});
