/** Any policy that the forms allow; ids are those of `names`. */
import fc from 'fast-check';
import type { PolicyDraft } from '../../shared/contract/policy-views.ts';
import { policyDraft } from '../../shared/contract/policy-views.ts';
import { namesIn } from '../../src-main/policy/text/names.ts';

const table = (prefix: string, names: readonly string[]) =>
  new Map(names.map((name, index) => [`${prefix}${index}`, { id: `${prefix}${index}`, name }]));
export const names = namesIn({
  teams: table('t', ['core', 'data.science', 'all-of-us']),
  environments: table('e', ['dev', 'prod', '1.0']),
  channels: table('c', ['main', 'internal', 'null', '0x1']),
});

const some = (prefix: string, count: number) =>
  fc.uniqueArray(
    fc.nat({ max: count - 1 }).map((index) => `${prefix}${index}`),
    { minLength: 1, maxLength: count },
  );
const unknown = fc.constantFrom('allow', 'deny');
const list = unknown;
/** What YAML could take for something else. */
const trickyText = fc
  .oneof(
    fc.constantFrom(
      'yes',
      'null',
      '~',
      '1.0',
      '0x1',
      '- a',
      'a: b',
      '#x',
      "'",
      '"',
      '*x',
      '&x',
      '!x',
      '%x',
      '| x',
      'é',
    ),
    fc
      .string({ unit: fc.constantFrom(...'abc <>=!~*:#-,.[]{}"\'1'), minLength: 1, maxLength: 30 })
      .map((text) => text.trim()),
    fc.constant('numpy >=1.2,<3 '.repeat(20).trim()),
  )
  .filter((text) => text !== '');
const label = fc.constantFrom('approved', 'banned', '1.0', 'true', 'null');
const rule = (
  type: string,
  fields: Record<string, fc.Arbitrary<unknown>>,
  optional: readonly string[] = [],
) =>
  fc
    .record(fields, { requiredKeys: Object.keys(fields).filter((one) => !optional.includes(one)) })
    .map((rest) => ({ type, ...rest }));

const rules = fc.oneof(
  rule('tokens', { maxTtlDays: fc.integer({ min: 1, max: 3650 }), networksRequired: fc.boolean() }, [
    'maxTtlDays',
  ]),
  rule('channels', { channelIds: some('c', 4) }),
  rule('packages', {
    list,
    specs: fc.array(fc.record({ ecosystem: fc.constantFrom('conda', 'pypi'), spec: trickyText }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  rule(
    'vulnerabilities',
    {
      atLeast: fc.integer({ min: 1, max: 100 }).map((tenths) => tenths / 10),
      unknown,
      exploitedOnly: fc.boolean(),
      epssAtLeast: fc.double({ min: 0, max: 1, noNaN: true }).map((share) => share + 0),
      liftedBy: fc.uniqueArray(fc.constantFrom('reported', 'active', 'mitigated', 'cleared', 'disputed')),
      fixedOnly: fc.boolean(),
      graceDays: fc.nat({ max: 365 }),
      noFacts: unknown,
    },
    ['atLeast', 'epssAtLeast'],
  ),
  rule('malware', { noFacts: unknown }),
  rule('licenses', {
    list,
    ids: fc.array(
      trickyText.filter((text) => text.length < 128),
      { minLength: 1, maxLength: 4 },
    ),
    unknown,
  }),
  rule('age', { minDays: fc.integer({ min: 1, max: 365 }), unknown }),
  rule(
    'status',
    {
      denied: fc.uniqueArray(fc.constantFrom('yanked', 'removed', 'archived', 'deprecated')),
      supersededAfterDays: fc.integer({ min: 1, max: 365 }),
      silentYears: fc.integer({ min: 1, max: 50 }),
    },
    ['supersededAfterDays', 'silentYears'],
  ),
  rule(
    'platform',
    {
      subdirs: fc.array(fc.constantFrom('noarch', 'linux-64'), { minLength: 1, maxLength: 2 }),
      wheelTags: fc.array(fc.constantFrom('any', 'manylinux*_x86_64', '*'), { minLength: 1, maxLength: 2 }),
      sdists: unknown,
    },
    ['subdirs', 'wheelTags'],
  ),
  rule('labels', { required: fc.array(label, { maxLength: 3 }), denied: fc.array(label, { maxLength: 3 }) }),
  rule('namespace', {
    names: fc.array(fc.constantFrom('acme-*', '*', '0', 'null'), { minLength: 1, maxLength: 3 }),
    channelIds: some('c', 4),
  }),
  rule('satisfiable', {}),
);

export const anyPolicy: fc.Arbitrary<PolicyDraft> = fc
  .record({
    name: fc.constantFrom('prod', 'no', '0.1', 'a-b_c', 'null', 'true'),
    mode: fc.constantFrom('enforce', 'observe'),
    style: fc.constantFrom('hide', 'refuse'),
    teams: fc.oneof(fc.constant('all'), some('t', 3)),
    environments: fc.oneof(fc.constant('all'), some('e', 3)),
    rules: fc.array(rules, { maxLength: 5 }),
  })
  .map((draft) => policyDraft.parse(draft));
