import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLicense } from '../../../src-main/policy/licenses/expression.ts';
import { parseOsv } from '../../../src-main/curation/osv.ts';
import { cvssScore } from '../../../src-main/curation/severity.ts';
import { matchSpec, parseMatchSpec } from '../../../src-main/policy/conda/match-spec.ts';
import { parseSpecifiers, specifiersContain } from '../../../src-main/policy/pep440/specifiers.ts';

const signs = fc.constantFrom(
  ...'0123456789abcxvAZ.,|=<>!~*()[]{}^$+-_:/@#%"\' \t\n\\',
  'dev',
  'post',
  'rc',
  '::',
  '.*',
  ' OR ',
  ' WITH ',
  'MIT',
  'AV:N/',
  'CVSS:3.1/',
  '\u0000',
  'ſ',
  '😀',
);
const texts = fc.oneof(
  fc.array(signs, { maxLength: 40 }).map((all) => all.join('')),
  fc.string({ unit: 'binary' }),
);

describe('texts from outside', () => {
  it('never make a version, a spec, a licence, a vector or a record throw', () => {
    fc.assert(
      fc.property(texts, texts, (text, other) => {
        const specifiers = parseSpecifiers(text);
        if (specifiers !== undefined) specifiersContain(specifiers, other);
        const spec = parseMatchSpec(text);
        if (spec !== undefined) matchSpec(spec, { name: other, version: other, build: other });
        parseLicense(text, (name) => (name === other || name.length > 9 ? text : undefined));
        expect(cvssScore(text) ?? 0).toBeLessThanOrEqual(10);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.anything(), (input) => {
        // An id alone is a record, if of nothing: chance finds one now and then.
        if (parseOsv(input).ok)
          expect(input).toMatchObject({ id: expect.stringMatching(/^\S+$/u) as unknown });
      }),
      { numRuns: 500 },
    );
    for (const id of ['', ' ', 'CVE 2026', 'CVE\t1', 7, undefined]) expect(parseOsv({ id }).ok).toBe(false);
    expect(parseOsv({ id: 'CVE-2026-1' }).ok).toBe(true);
  });
});
