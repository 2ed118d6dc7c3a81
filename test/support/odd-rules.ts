/** Rules of policies and what is said about packages, as a careless or hostile program may write them. */
import fc from 'fast-check';
import { channelId, listOf, mostly, name, note, oddPrivateHosts, slug, tokenId, url } from './odd-values.ts';

const allowOrDeny = mostly(fc.constantFrom('allow', 'deny'), fc.constant('ask'));
const ecosystem = mostly(fc.constantFrom('conda', 'pypi'), fc.constant('npm'));
const days = mostly(fc.constantFrom(0, 1, 7, 1_000_000), fc.constantFrom(1_000_001, -1, 0.5));
const status = fc.constantFrom('reported', 'active', 'mitigated', 'cleared', 'disputed');
const oneText = mostly(
  fc.constantFrom('MIT', 'acme-*', 'numpy <2', 'é', 'GPL-3.0-only'),
  fc.constantFrom('', 'a\tb', 'x'.repeat(128), 'x'.repeat(129), 'x'.repeat(513), 'x'.repeat(1025)),
);
const texts = (least: number) =>
  mostly(
    fc.uniqueArray(oneText, { minLength: least, maxLength: 3 }),
    fc.constantFrom<string[]>([], ['MIT', 'MIT'], ['a', 'b', 'a']),
  );
const rule = (
  type: string,
  fields: Record<string, fc.Arbitrary<unknown>>,
  optional: readonly string[] = [],
) =>
  fc
    .record(fields, { requiredKeys: Object.keys(fields).filter((one) => !optional.includes(one)) })
    .map((rest): Record<string, unknown> => ({ type, ...rest }));

/** A rule of any type. */
export const oddRule = fc.oneof(
  {
    weight: 4,
    arbitrary: rule(
      'tokens',
      { maxTtlDays: fc.constantFrom(1, 30, 90, 36_500, 36_501, 0), networksRequired: fc.boolean() },
      ['maxTtlDays'],
    ),
  },
  { weight: 2, arbitrary: rule('channels', { channelIds: listOf(channelId, 1) }) },
  rule('packages', {
    list: allowOrDeny,
    specs: fc.array(fc.record({ ecosystem, spec: oneText }), { minLength: 1, maxLength: 2 }),
  }),
  rule(
    'vulnerabilities',
    {
      atLeast: mostly(fc.constantFrom(0, 0.1, 7, 9.8, 10), fc.constantFrom(10.1, -0.1)),
      unknown: allowOrDeny,
      exploitedOnly: fc.boolean(),
      epssAtLeast: mostly(fc.constantFrom(0, 0.05, 1), fc.constant(1.01)),
      liftedBy: fc.array(status, { maxLength: 3 }),
      fixedOnly: fc.boolean(),
      graceDays: days,
      noFacts: allowOrDeny,
    },
    ['atLeast', 'epssAtLeast'],
  ),
  rule('malware', { noFacts: allowOrDeny }),
  rule('licenses', { list: allowOrDeny, ids: texts(1), unknown: allowOrDeny }),
  rule('age', { minDays: days, unknown: allowOrDeny }),
  rule(
    'status',
    {
      denied: fc.array(fc.constantFrom('yanked', 'removed', 'archived', 'deprecated'), { maxLength: 3 }),
      supersededAfterDays: days,
      silentYears: mostly(fc.constantFrom(1, 1000), fc.constantFrom(0, 1001)),
    },
    ['supersededAfterDays', 'silentYears'],
  ),
  rule('platform', { subdirs: texts(1), wheelTags: texts(1), sdists: allowOrDeny }, ['subdirs', 'wheelTags']),
  rule('labels', { required: texts(0), denied: texts(0) }),
  rule('satisfiable', {}),
  { weight: 2, arbitrary: rule('namespace', { names: texts(1), channelIds: listOf(channelId, 1) }) },
);

const packageName = mostly(
  fc.constantFrom('numpy', 'requests', '_r-base', 'a.b-c'),
  fc.constantFrom('', '-x', 'Numpy', 'a b', 'x'.repeat(257)),
);
const version = mostly(fc.constantFrom('1', '1!2.0+local-3', '2.1.0'), fc.constantFrom('', '1 2', 'é', '*'));
const label = mostly(fc.constantFrom('approved', 'banned'), fc.constantFrom('', 'Approved', '-x'));
const origin = fc.record({
  source: mostly(fc.constant('feed'), name),
  sha256: mostly(fc.constant('0'.repeat(64)), fc.constant('0'.repeat(63))),
  count: mostly(fc.constantFrom(1, 1_000_000), fc.constantFrom(0, 1_000_001)),
});
const assessment = fc.record(
  {
    advisoryId: mostly(fc.constantFrom('CVE-2024-1', 'GHSA-x'), fc.constantFrom('', '-1', 'a b')),
    ecosystem,
    name: packageName,
    version,
    status: mostly(status, fc.constant('fixed')),
    justification: mostly(
      fc.constantFrom('component_not_present', 'inline_mitigations_already_exist'),
      fc.constant('none'),
    ),
    reason: mostly(fc.constant('built without'), name),
    evidence: note,
  },
  { requiredKeys: ['advisoryId', 'ecosystem', 'name', 'status', 'reason', 'evidence'] },
);
const source = fc.oneof(
  fc.record(
    { type: fc.constant('url'), url, privateHosts: oddPrivateHosts },
    { requiredKeys: ['type', 'url'] },
  ),
  slug.map((one) => ({ type: 'folder', label: one })),
);

const small = mostly(fc.nat({ max: 20 }), fc.constantFrom(-1, 2 ** 53, 0.5));
const logDays = mostly(fc.constantFrom(1, 7, 30, 400, 36_500), fc.constantFrom(0, 36_501));
const opaque = (...good: readonly string[]) =>
  mostly(fc.constantFrom(...good), fc.constantFrom('', 'a.b', 'x'.repeat(65)));
const bytes32 = mostly(
  fc.constantFrom(`${'A'.repeat(42)}E`, `${'B'.repeat(42)}Q`),
  fc.constantFrom(`${'A'.repeat(42)}B`, 'A'.repeat(42)),
);

/** What is said about request logs. */
export const oddLogKeeping = fc.oneof(
  rule('log.anchored', {
    gatewayId: opaque('gateway-1', 'gateway-2'),
    publicKey: bytes32,
    run: mostly(fc.constantFrom(1, 1_767_600_000_000), fc.constantFrom(-1, 8.65e15)),
    n: small,
    root: bytes32,
    rows: small,
  }),
  rule('log.looked-up', {
    subject: fc.oneof(
      tokenId.map((one) => ({ type: 'token', tokenId: one })),
      oneText.map((one) => ({ type: 'package', name: one })),
      fc.constantFrom<object>({ type: 'everybody' }, { type: 'everybody', name: 'x' }, { type: 'holder' }),
    ),
    fromMs: mostly(fc.constantFrom(0, 1), fc.constantFrom(5, -1)),
    toMs: mostly(fc.constantFrom(1, 2), fc.constant(8.65e15)),
    opened: mostly<unknown>(fc.boolean(), fc.constant(1)),
  }),
  rule(
    'log.retention-set',
    {
      rowsDays: logDays,
      addressDays: logDays,
      ciUserDays: logDays,
      rollupDays: logDays,
      maxGib: mostly(fc.constantFrom(1, 50), fc.constantFrom(0, 100_001)),
    },
    ['maxGib'],
  ),
);

/** What is said about packages. */
export const oddCuration = fc.oneof(
  rule(
    'package.labelled',
    { ecosystem, name: packageName, version, labels: fc.array(label, { maxLength: 2 }) },
    ['version'],
  ),
  rule('advisory.assessed', { assessments: fc.array(assessment, { minLength: 1, maxLength: 2 }), origin }, [
    'origin',
  ]),
  rule(
    'names.mapped',
    {
      names: fc.array(fc.record({ conda: packageName, pypi: fc.oneof(fc.constant(null), packageName) }), {
        minLength: 1,
        maxLength: 2,
      }),
      origin,
    },
    ['origin'],
  ),
  rule(
    'licenses.aliased',
    {
      aliases: fc.array(fc.record({ text: oneText, expression: fc.oneof(fc.constant(null), oneText) }), {
        maxLength: 2,
      }),
      origin,
    },
    ['origin'],
  ),
  rule('feed.set', {
    feed: fc.record({
      name: slug,
      kind: mostly(fc.constantFrom('osv', 'kev', 'epss', 'vex'), fc.constant('nvd')),
      source,
      everyHours: mostly(fc.constantFrom(1, 8760), fc.constantFrom(0, 8761)),
      staleAfterHours: mostly(fc.constantFrom(1, 87_600), fc.constant(87_601)),
    }),
  }),
  rule('feed.removed', { name: slug }),
);
