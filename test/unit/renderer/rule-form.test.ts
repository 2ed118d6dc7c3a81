import { describe, expect, it } from 'vitest';
import { channelId } from '../../../shared/model/ids.ts';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
import { policyRule } from '../../../shared/model/policy-rules.ts';
import type { RuleForm } from '../../../src-renderer/features/policies/rule-form.ts';
import {
  formOfRule,
  freshRule,
  missingInRule,
  ruleOfForm,
} from '../../../src-renderer/features/policies/rule-form.ts';

const channel = channelId.parse('c1');
const rules: readonly PolicyRule[] = [
  { type: 'tokens', maxTtlDays: 90, networksRequired: true },
  { type: 'tokens', networksRequired: false },
  { type: 'channels', channelIds: [channel] },
  {
    type: 'packages',
    list: 'allow',
    specs: [
      { ecosystem: 'conda', spec: 'numpy >=1.26' },
      { ecosystem: 'pypi', spec: 'requests<3' },
    ],
  },
  {
    type: 'vulnerabilities',
    atLeast: 7.5,
    unknown: 'deny',
    exploitedOnly: true,
    epssAtLeast: 0.29,
    liftedBy: ['cleared'],
    fixedOnly: true,
    graceDays: 3,
    noFacts: 'deny',
  },
  {
    type: 'vulnerabilities',
    unknown: 'allow',
    exploitedOnly: false,
    liftedBy: [],
    fixedOnly: false,
    graceDays: 0,
    noFacts: 'allow',
  },
  { type: 'malware', noFacts: 'allow' },
  { type: 'licenses', list: 'deny', ids: ['GPL-3.0-only'], unknown: 'deny' },
  { type: 'age', minDays: 14, unknown: 'deny' },
  { type: 'status', denied: ['yanked'], supersededAfterDays: 30, silentYears: 5 },
  { type: 'platform', subdirs: ['linux-64'], wheelTags: ['any'], sdists: 'allow' },
  { type: 'platform', sdists: 'deny' },
  { type: 'labels', required: ['approved'], denied: ['banned'] },
  { type: 'namespace', names: ['acme-*'], channelIds: [channel] },
  { type: 'satisfiable' },
];

describe('the form of a rule', () => {
  it.each(rules)('keeps what a rule of %o says', (rule) => {
    const form = formOfRule(rule);
    expect(ruleOfForm(form)).toEqual(rule);
    expect(missingInRule(form)).toBeUndefined();
  });

  it('makes rules that the contract takes, for every type once nothing is missing', () => {
    const whole = policyRule.options
      .map((option) => freshRule(option.unwrap().shape.type.value))
      .filter((form) => missingInRule(form) === undefined);
    const refused = whole.filter((form) => !policyRule.safeParse(ruleOfForm(form)).success);
    expect(whole.map(({ type }) => type)).toContain('vulnerabilities');
    expect(refused).toEqual([]);
  });

  it('takes specs by line and leaves comments out', () => {
    const form: RuleForm = {
      type: 'packages',
      key: 'k',
      fields: { list: 'deny', conda: ' numpy \n\n# later\nscipy >1', pypi: '' },
    };
    expect(ruleOfForm(form)).toEqual({
      type: 'packages',
      list: 'deny',
      specs: [
        { ecosystem: 'conda', spec: 'numpy' },
        { ecosystem: 'conda', spec: 'scipy >1' },
      ],
    });
  });

  it('says what is missing, and refuses numbers out of range instead of clamping them', () => {
    expect(missingInRule(freshRule('packages'))).toBe('Enter at least one package.');
    expect(missingInRule(freshRule('channels'))).toBe('Choose at least one channel.');
    expect(missingInRule(freshRule('labels'))).toBe('Give the rule a condition.');
    const vulnerabilities = (atLeast: number | string) =>
      missingInRule({
        ...(freshRule('vulnerabilities') as RuleForm & { type: 'vulnerabilities' }),
        fields: {
          ...(freshRule('vulnerabilities') as RuleForm & { type: 'vulnerabilities' }).fields,
          atLeast,
        },
      });
    expect(vulnerabilities(10.1)).toBe('Enter a score from 0.1 to 10.');
    expect(vulnerabilities('-')).toBe('Enter a score from 0.1 to 10.');
    expect(vulnerabilities('')).toBeUndefined();
    expect(missingInRule({ type: 'age', key: 'k', fields: { minDays: 0, unknown: 'deny' } })).toBe(
      'Enter a whole number from 1 to 36500.',
    );
    expect(missingInRule({ type: 'labels', key: 'k', fields: { required: ['Not OK'], denied: [] } })).toMatch(
      /lowercase/,
    );
  });
});
