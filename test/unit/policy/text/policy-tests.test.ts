import { describe, expect, it } from 'vitest';
import { testPolicies } from '../../../../src-main/services/policy-files.ts';
import { readPolicyTests } from '../../../../src-main/policy/text/test-file.ts';

const policies = `
policies:
  - name: no-malware
    rules:
      - type: malware
        noFacts: deny
  - name: prod-strict
    environments: [prod]
    rules:
      - { type: vulnerabilities, atLeast: 7, liftedBy: [cleared] }
      - { type: age, minDays: 7, unknown: deny }
      - { type: licenses, list: deny, ids: [GPL-*], unknown: allow }
  - name: own-names
    rules:
      - { type: namespace, names: [acme-*], channels: [internal] }
  - name: watching
    mode: observe
    rules:
      - { type: labels, required: [approved] }
  - name: agents
    teams: [agents]
    rules:
      - { type: platform, sdists: deny }
`;
const nowMs = Date.UTC(2026, 0, 31);
const run = (tests: string) =>
  testPolicies(policies, `tests:\n${tests}`, nowMs).map(({ passed, decision, deniedBy }) => ({
    passed,
    effect: decision.effect,
    deniedBy,
  }));
const one = (fields: string) => run(`  - { team: core, environment: prod, channel: main, ${fields} }`)[0];

describe('tests of policies', () => {
  it.each<readonly [string, string, readonly string[]]>([
    [
      'nothing against it',
      'package: "conda:numpy==2.1.0", published: 2026-01-01, license: MIT, labels: [approved]',
      [],
    ],
    [
      'malware',
      'package: "pypi:evil==1", published: 2026-01-01, advisories: [{ id: MAL-1, malware: true }]',
      ['no-malware'],
    ],
    ['no advisories at all', 'package: "pypi:x==1", published: 2026-01-01, advisories: none', ['no-malware']],
    [
      'a severe advisory',
      'package: "pypi:x==1", published: 2026-01-01, advisories: [{ id: CVE-1, score: 9.8 }]',
      ['prod-strict'],
    ],
    [
      'one that was cleared',
      'package: "pypi:x==1", published: 2026-01-01, advisories: [{ id: CVE-1, score: 9.8, status: cleared }]',
      [],
    ],
    [
      'too young, and a foreign name',
      'package: "pypi:Acme_Tool==1", published: 2026-01-30',
      ['own-names', 'prod-strict'],
    ],
    ['a licence', 'package: "conda:x==1", published: 2026-01-01, license: GPL-3.0-only', ['prod-strict']],
    ['quarantined', 'package: "pypi:x==1", published: 2026-01-01, project: quarantined', ['no-malware']],
  ])('are judged by the facts that they give: %s', (_what, fields, by) => {
    const effect = by.length === 0 ? 'allow' : 'deny';
    expect(one(`${fields}, expect: ${effect}, by: [${by.length === 0 ? 'no-malware' : by.join()}]`)).toEqual({
      passed: by.length > 0,
      effect,
      deniedBy: by,
    });
    expect(one(`${fields}, expect: ${effect}`)).toMatchObject({ passed: true });
    expect(one(`${fields}, expect: ${effect === 'deny' ? 'allow' : 'deny'}`)).toMatchObject({
      passed: false,
    });
  });

  it('know team, environment and channel by their names', () => {
    const tests = [
      '{ package: "pypi:x==1", kind: sdist, team: agents, environment: dev, channel: main, expect: deny, by: agents }',
      '{ package: "pypi:x==1", kind: sdist, team: core, environment: dev, channel: main, expect: allow }',
      '{ package: "pypi:acme-x==1", team: core, environment: dev, channel: internal, expect: allow }',
    ];
    expect(run(tests.map((test) => `  - ${test}`).join('\n')).map(({ passed }) => passed)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('have a clock of their own', () => {
    const test = 'package: "pypi:x==1", published: 2026-01-30, expect: allow';
    expect(one(test)).toMatchObject({ passed: false });
    expect(one(`${test}, now: 2026-02-06T00:00Z`)).toMatchObject({ passed: true });
    const whole = `now: 2026-03-01\ntests:\n  - { team: core, environment: prod, channel: main, ${test} }`;
    expect(testPolicies(policies, whole, nowMs)).toMatchObject([{ passed: true }]);
  });

  it.each<readonly [string, string, number, string]>([
    [
      'an unknown member',
      'tests:\n  - package: "pypi:x==1"\n    expected: deny',
      3,
      'Did you mean "expect"?',
    ],
    [
      'a package without its version',
      'tests:\n  - package: pypi:x\n    team: a\n    environment: a\n    channel: a\n    expect: deny',
      2,
      'write the package as',
    ],
    ['a day that is none', 'now: 2026-02-30x\ntests: []', 1, 'write a day'],
    [
      'a fact about an advisory that is unknown',
      'tests:\n  - package: "pypi:x==1"\n    team: a\n    environment: a\n    channel: a\n    expect: deny\n    advisories:\n      - { id: CVE-1, scor: 7 }',
      8,
      'Did you mean "score"?',
    ],
  ])('are refused with their line: %s', (_what, text, line, why) => {
    const found = readPolicyTests(text);
    expect(found).toMatchObject({ ok: false, line });
    expect(found.ok || found.why).toContain(why);
  });

  it('do not run by policies that would not be saved', () => {
    const wrong = 'policies:\n  - name: p\n    rules:\n      - { type: labels }';
    expect(() => testPolicies(wrong, 'tests: []', nowMs)).toThrow(
      'Policy p, rule 1: This rule denies nothing yet',
    );
  });
});
