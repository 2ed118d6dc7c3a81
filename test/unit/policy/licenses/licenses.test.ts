import { describe, expect, it } from 'vitest';
import { defaultAliases } from '../../../../src-main/policy/licenses/aliases.ts';
import { parseLicense } from '../../../../src-main/policy/licenses/expression.ts';
import { judgeLicense, type LicenseLists } from '../../../../src-main/policy/licenses/judge.ts';

const permissive: LicenseLists = {
  allow: ['MIT', 'Apache-2.0', 'BSD-3-Clause', 'LGPL-2.1-or-later'],
  deny: ['AGPL-*'],
};

const verdict = (text: string, lists = permissive, aliases: Readonly<Record<string, string>> = {}) =>
  judgeLicense(
    parseLicense(text, (name) => aliases[name.trim().toLowerCase()]),
    lists,
  );

describe('the licence of a package', () => {
  it.each([
    ['MIT', 'allowed'],
    ['mit', 'allowed'],
    ['GPL-3.0-only', 'denied'],
    ['MIT AND GPL-3.0-only', 'denied'],
    ['MIT OR GPL-3.0-only', 'allowed'],
    ['(MIT OR GPL-3.0-only) AND AGPL-3.0-only', 'denied'],
    ['Apache-2.0 WITH LLVM-exception', 'allowed'],
    ['GPL-2.0-only WITH Classpath-exception-2.0', 'denied'],
    ['Apache-2.0+', 'allowed'],
    ['LGPL-2.1+', 'allowed'],
    ['LicenseRef-Custom', 'unknown'],
    ['LicenseRef-Custom OR MIT', 'allowed'],
    ['LicenseRef-Custom OR GPL-3.0-only', 'unknown'],
    ['LicenseRef-Custom AND MIT', 'unknown'],
    ['LicenseRef-Custom AND GPL-3.0-only', 'denied'],
    ['The MIT  License', 'allowed'],
    ['Apache License 2.0 or MIT License', 'allowed'],
    ['BSD', 'denied'],
    ['Some licence of ours', 'unknown'],
    ['MIT or something else', 'unknown'],
    ['NOASSERTION', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (text, expected) => {
    expect(verdict(text)).toBe(expected);
  });

  it('is allowed under a deny list unless it is denied or unheard of', () => {
    const lists = { deny: ['GPL-*', 'AGPL-*'] };
    expect(verdict('MIT', lists)).toBe('allowed');
    expect(verdict('GPL-3.0+ OR MIT', lists)).toBe('allowed');
    expect(verdict('GPL-2.0', lists)).toBe('denied');
    expect(verdict('LicenseRef-X', lists)).toBe('unknown');
    expect(verdict('LicenseRef-X', { ...lists, allow: ['LicenseRef-*'] })).toBe('allowed');
  });

  it('may be named with its exception', () => {
    const lists = { allow: ['gpl-2.0-only with classpath-exception-2.0'] };
    expect(verdict('GPL-2.0 WITH Classpath-exception-2.0', lists)).toBe('allowed');
    expect(verdict('GPL-2.0', lists)).toBe('denied');
  });

  it('follows the organization’s aliases before ours', () => {
    expect(verdict('BSD', permissive, { bsd: 'BSD-3-Clause' })).toBe('allowed');
    expect(verdict('Company licence', permissive, { 'company licence': 'MIT OR GPL-2.0-only' })).toBe(
      'allowed',
    );
    expect(verdict('Company licence AND GPL-2.0-only', permissive, { 'company licence': 'MIT OR ISC' })).toBe(
      'denied',
    );
    expect(verdict('x', permissive, { x: 'no such licence' })).toBe('unknown');
    expect(verdict('toString')).toBe('unknown');
  });

  it('is read by SPDX’s grammar alone, not by what the parser lets pass', () => {
    for (const text of [
      'MIT ORApache-2.0',
      '!MIT',
      'MIT)',
      '(MIT',
      'MIT WITH MIT',
      'AND',
      'MIT AND',
      'Classpath-exception-2.0',
    ]) {
      expect(verdict(text), text).toBe('unknown');
    }
  });

  it('takes no longer for any shape', () => {
    // 18 of these joined took another evaluator seven seconds.
    const knot = Array.from({ length: 35 }, () => '(MIT OR GPL-3.0-only)').join(' AND ');
    expect(verdict(knot)).toBe('allowed');
    expect(verdict('('.repeat(5000))).toBe('unknown');
    expect(verdict(`${'('.repeat(200)}MIT${')'.repeat(200)}`)).toBe('allowed');
    expect(verdict('MIT OR '.repeat(100_000))).toBe('unknown');
  });

  it('follows them in parts of an expression, and only as names of their own', () => {
    const lists: LicenseLists = { allow: ['MIT', 'LicenseRef-MyCorp'] };
    const ours = {
      mycorp: 'LicenseRef-MyCorp',
      'our own terms': 'MIT AND LicenseRef-MyCorp',
      other: 'GPL-3',
      to: 'mycorp',
    };
    expect(parseLicense('GPL-3 OR MyCorp', (name) => ours[name.toLowerCase() as 'mycorp'])).toEqual({
      left: { license: 'GPL-3.0-only' },
      conjunction: 'or',
      right: { license: 'LicenseRef-MyCorp' },
    });
    for (const text of ['GPL-3 OR MyCorp', '(gpl-3 or mycorp) and mit', 'MIT AND Our Own Terms'])
      expect(verdict(text, lists, ours), text).toBe('allowed');
    expect(verdict('GPL-3 AND MyCorp', lists, ours)).toBe('denied');
    // A default name as what an own one stands for counts, another own one does not.
    expect(verdict('other OR GPL-3', lists, ours)).toBe('denied');
    expect(verdict('to OR GPL-3', lists, ours)).toBe('unknown');
    expect(verdict('MyCorpX OR GPL-3', lists, ours)).toBe('unknown');
  });

  it('takes no more than its length, however often and however long an alias stands in it', () => {
    let asked = 0;
    const long = (name: string): string | undefined => {
      asked += 1;
      return name === 'a' ? `MIT${' OR MIT'.repeat(140)}` : undefined;
    };
    expect(parseLicense(Array.from({ length: 200 }, () => 'a').join(' OR '), long)).toBeUndefined();
    expect(asked).toBeLessThan(10);
    expect(
      parseLicense(Array.from({ length: 100 }, () => 'b').join(' OR '), (name) =>
        name === 'b' ? 'MIT' : undefined,
      ),
    ).toBeDefined();
  });

  it('has default aliases that are expressions', () => {
    for (const [key, expression] of Object.entries(defaultAliases)) {
      expect(key).toBe(key.toLowerCase().replaceAll(/\s+/g, ' ').trim());
      expect(parseLicense(key), key).toEqual(parseLicense(expression));
      expect(parseLicense(expression), expression).toBeDefined();
    }
  });
});
