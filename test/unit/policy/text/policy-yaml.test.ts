import { yamlDocument } from '../../../../src-main/base/yaml-document.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNames } from '../../../../src-main/policy/text/names.ts';
import { readPolicies, writePolicies } from '../../../../src-main/policy/text/policy-yaml.ts';
import { policyTemplates } from '../../../../src-main/policy/templates.ts';
import { texts } from '../../../../shared/texts/texts.ts';
import { anyPolicy, names } from '../../../support/any-policy.ts';

const read = (text: string) => readPolicies(text, names);
const drafts = (text: string) => {
  const result = read(text);
  if (!result.ok) throw new Error(`${result.line}: ${result.why}`);
  return result.drafts.map(({ draft }) => draft);
};
const ruleOf = (yaml: string) => `policies:\n  - name: p\n    rules:\n${yaml.replaceAll(/^/gm, '      ')}\n`;

describe('policies as YAML', () => {
  it('come back as they were written, and are written the same again', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyPolicy, { maxLength: 4, selector: ({ name }) => name }), (policies) => {
        const text = writePolicies(policies, names);
        expect(drafts(text)).toEqual(policies);
        expect(writePolicies(drafts(text), names)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('have a short form: what nobody would wonder about may be left out', () => {
    const text = [
      'policies:',
      '  - name: short',
      '    rules:',
      '      - type: malware',
      '      - { type: vulnerabilities, atLeast: 7 }',
      '      - type: namespace',
      '        names: [acme-*]',
      '        channels: [internal]',
      '      - type: packages',
      '        list: deny',
      '        specs: [{ conda: openssl <3 }, { pypi: "requests<2.32" }]',
    ].join('\n');
    expect(drafts(text)).toEqual([
      {
        name: 'short',
        mode: 'enforce',
        style: 'hide',
        teams: 'all',
        environments: 'all',
        rules: [
          { type: 'malware', noFacts: 'allow' },
          {
            type: 'vulnerabilities',
            atLeast: 7,
            unknown: 'allow',
            exploitedOnly: false,
            liftedBy: [],
            fixedOnly: false,
            graceDays: 0,
            noFacts: 'allow',
          },
          { type: 'namespace', names: ['acme-*'], channelIds: ['c1'] },
          {
            type: 'packages',
            list: 'deny',
            specs: [
              { ecosystem: 'conda', spec: 'openssl <3' },
              { ecosystem: 'pypi', spec: 'requests<2.32' },
            ],
          },
        ],
      },
    ]);
  });

  it('say in plain words what is wrong, and where', () => {
    const policy = (line: string) => `policies:\n  - name: p\n    ${line}\n    rules: []\n`;
    for (const [text, line, why] of [
      ['- name: p\n  rules: []\n', 1, 'write the list of policies below a line "policies:"'],
      ['', 1, 'write the list of policies below a line "policies:"'],
      ['policies: 3\n', 1, 'policies: must be a list'],
      [policy('mode: observ'), 3, 'policies.0.mode: must be one of enforce, observe'],
      [ruleOf('- type: age\n  minDays: soon'), 5, 'minDays: must be a number'],
      [`${policy('mode: observe')}- name: q\n`, 5, texts.policyText.keyIsText],
    ] as const)
      expect(read(text)).toEqual({ ok: false, line, why });
  });

  it('tell the lines of policies and rules', () => {
    const result = read(ruleOf('- type: malware\n\n# why\n- type: malware'));
    expect(result).toMatchObject({ ok: true, drafts: [{ line: 2, ruleLines: [4, 7] }] });
  });

  it('are read without an organization too, any name being one', () => {
    const any = anyNames();
    const text = writePolicies(
      policyTemplates.flatMap((template) => template.drafts),
      any,
    );
    expect(readPolicies(text, any).ok).toBe(true);
    const scoped = 'policies: [{ name: p, teams: [a, a.b], environments: [a], rules: [] }]';
    const found = readPolicies(scoped, any);
    expect(found).toMatchObject({ ok: true, drafts: [{ draft: { teams: { length: 2 } } }] });
    expect(found.ok && writePolicies([found.drafts[0]!.draft], any)).toContain('- a.b');
  });
});

describe('a text that says something else', () => {
  it.each<readonly [string, string, number, string]>([
    [
      'a team that there is not',
      'policies:\n  - name: p\n    teams: [core, dat]\n    rules: []',
      3,
      'there is no team "dat"',
    ],
    [
      'a channel that there is not',
      ruleOf('- type: channels\n  channels:\n    - main\n    - intrenal'),
      7,
      'there is no channel "intrenal". Did you mean "internal"?',
    ],
    [
      'an id for a name',
      ruleOf('- { type: channels, channelIds: [c1] }'),
      4,
      '"channelIds" is not known here',
    ],
    [
      'a typing error in a rule',
      ruleOf('- type: age\n  minDay: 7\n  unknown: deny'),
      5,
      '"minDay" is not known here. Did you mean "minDays"?',
    ],
    [
      'a typing error in a policy',
      'policies:\n  - name: p\n    mod: observe\n    rules: []',
      3,
      '"mod" is not known here. Did you mean "mode"?',
    ],
    ['a member of another rule', ruleOf('- type: malware\n  minDays: 7'), 5, '"minDays" is not known here'],
    [
      'a thing that every object has',
      ruleOf('- type: malware\n  toString: 7'),
      5,
      '"toString" is not known here',
    ],
    ['no type that there is', ruleOf('- type: constructor'), 4, '"type" must be one of tokens, channels,'],
    ['a rule without its type', ruleOf('- minDays: 7'), 4, '"type" must be one of'],
    ['a wrong number', ruleOf('- type: age\n  minDays: 0\n  unknown: deny'), 5, 'minDays: must be 1 or more'],
    [
      'a text for a number',
      ruleOf('- type: age\n  minDays: "7"\n  unknown: deny'),
      5,
      'minDays: must be a number',
    ],
    ['a missing decision', ruleOf('- type: age\n  minDays: 7'), 4, 'unknown: is missing'],
    [
      'yes for true: in YAML 1.2 it is a text',
      ruleOf('- type: tokens\n  networksRequired: yes'),
      5,
      'networksRequired: must be true or false',
    ],
    [
      'a spec without its ecosystem',
      ruleOf('- type: packages\n  list: deny\n  specs:\n    - conda: a\n    - numpy'),
      8,
      'write a package as "conda: <spec>"',
    ],
    [
      'no list of channels',
      ruleOf('- type: channels\n  channels: main'),
      5,
      'channels: must be a list of names of channels',
    ],
    [
      'a policy twice',
      'policies:\n  - name: p\n    rules: []\n  - name: p\n    rules: []',
      4,
      'policy "p" stands twice',
    ],
    ['no policies', 'rules: []', 1, 'is not known here'],
    ['a list at the top', '- a', 1, 'write the list of policies below'],
    ['nothing', '', 1, ''],
  ])('is an error at its line: %s', (_what, text, line, why) => {
    const result = read(text);
    expect(result).toMatchObject({ ok: false, line });
    expect(result.ok || result.why).toContain(why);
    expect(result.ok || result.why).not.toMatch(/\.$|undefined/);
  });
});

describe('a hostile text', () => {
  const bomb = [
    'a: &a [x]',
    ...'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefghi'[index]},`.repeat(9)}]`),
  ];
  it.each<readonly [string, string, RegExp]>([
    ['anchors', 'policies: &a []', /anchors/],
    ['aliases that multiply', bomb.join('\n'), /anchors/],
    ['a merge key', 'a: &x {}\nb:\n  <<: *x', /anchors/],
    ['a tag', 'policies: !!seq []', /tags/],
    ['a tag on a text', ruleOf('- type: !!str malware'), /tags/],
    ['a tag of its own', ruleOf('- type: !js malware'), /tags|Unresolved tag/],
    ['a directive', '%YAML 1.1\n---\npolicies: []', /directives/],
    ['two documents', 'policies: []\n---\npolicies: []', /documents/i],
    ['a key twice', 'policies: []\npolicies: []', /unique/i],
    ['a key twice in a rule', ruleOf('- type: age\n  minDays: 30\n  minDays: 1'), /unique/i],
    ['a tab for blanks', 'policies:\n\t- name: p', /tab/i],
    ['a map as a key', '? { a: 1 }\n: 2', /key must be a text/],
    ['a number as a key', 'policies: []\n1: 2', /key must be a text/],
    ['a prototype', ruleOf('- type: malware\n  __proto__: { minDays: 1 }'), /key must be a text/],
    ['brackets without end', '['.repeat(100_000), /too deeply/],
    ['brackets that close', `${'['.repeat(5000)}${']'.repeat(5000)}`, /too deeply/],
    ['lists within lists', '- '.repeat(50_000), /too deeply/],
    [
      'maps within maps, line by line',
      Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      /too deeply/,
    ],
    ['more than two million characters', `# ${'x'.repeat(2 * 1024 * 1024)}`, /more than 2097152 characters/],
    // 20 µs each, before anybody could stop it.
    ['commas alone', `[${','.repeat(300_000)}]`, /more than 250000 values/],
    ['brackets side by side', '[]'.repeat(200_000), /more than 250000 values/],
    ['a list of letters', `[${'a,'.repeat(300_000)}]`, /more than 250000 values/],
    ['escapes that are none', `"${'\\q'.repeat(300_000)}"`, /more than 250000 values/],
    ['a control character', 'policies: "\u0000', /./],
  ])('is refused: %s', (_what, text, why) => {
    const result = read(text);
    expect(result.ok || result.why).toMatch(why);
    expect(result.ok || result.line).toBeGreaterThan(0);
  });

  it('has errors without stacks, and leaves those of others as they are', () => {
    const { stackTraceLimit } = Error;
    const found = yamlDocument(`[${','.repeat(100)}]`, { version: '1.2' });
    expect(found.errors).toHaveLength(100);
    expect(found.errors.filter(({ stack = '' }) => /\n\s+at /.test(stack))).toEqual([]);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  it('never throws, whatever is cut out or put in', () => {
    const text = writePolicies(
      policyTemplates.flatMap((template) => template.drafts),
      names,
    );
    const odd = fc.constantFrom(
      '',
      '\t',
      '{',
      ']',
      '&a ',
      '*a',
      '!!',
      '---\n',
      '"',
      "'",
      ': ',
      '\u2028',
      '|',
      '>',
      '?',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.nat({ max: text.length }), fc.nat({ max: 20 }), odd, (at, count, put) => {
        const result = read(`${text.slice(0, at)}${put}${text.slice(at + count)}`);
        expect(typeof result.ok).toBe('boolean');
      }),
      { numRuns: 150 },
    );
  });
});
