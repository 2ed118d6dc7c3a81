import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Assessment } from '../../../shared/model/curation.ts';
import { curatedStatuses } from '../../../shared/model/packages.ts';
import { proposalsOf, vexDocumentOf } from '../../../src-main/curation/openvex.ts';

/** As in the specification's own example (OpenVEX 0.2.0). */
const document = (...statements: readonly object[]) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://openvex.dev/docs/example/vex-9fb3463de1b57',
  author: 'Wolfi J Inkinson',
  role: 'Document Creator',
  timestamp: '2026-01-08T18:02:03.647787998-06:00',
  version: 1,
  statements,
});
const about = (more: object) => ({
  vulnerability: { name: 'CVE-2014-123456' },
  products: [{ '@id': 'pkg:pypi/Django@1.11.1' }],
  status: 'fixed',
  ...more,
});
const read = (...statements: readonly object[]) => {
  const result = proposalsOf(document(...statements));
  if (!result.ok) throw new Error(result.problem);
  return result;
};

const word = z.string();
const component = { '@id': z.url(), identifiers: z.strictObject({ purl: word }) };
/** openvex_json_schema_0.2.0.json of the openvex/spec repository, as far as we write it; nothing else may stand there. */
const vexSchema = z.strictObject({
  '@context': z.url(),
  '@id': z.url(),
  author: word,
  timestamp: z.iso.datetime(),
  version: z.int().min(1),
  tooling: word,
  statements: z
    .array(
      z
        .strictObject({
          vulnerability: z.strictObject({ name: word }),
          timestamp: z.iso.datetime(),
          products: z.array(z.strictObject(component)),
          status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
          status_notes: word.optional(),
          justification: word.optional(),
          impact_statement: word.optional(),
          action_statement: word.optional(),
        })
        .refine(
          ({ status, justification, impact_statement: impact }) =>
            status !== 'not_affected' || (justification === undefined) !== (impact === undefined),
        )
        .refine(({ status, action_statement: action }) => status !== 'affected' || action !== undefined),
    )
    .min(1),
});

describe('an OpenVEX document', () => {
  it('becomes proposals about packages, by their normal names', () => {
    const { proposals, bad, others } = read(
      about({}),
      about({
        vulnerability: { name: 'CVE-2' },
        products: [{ '@id': 'x', identifiers: { purl: 'pkg:conda/openssl' } }],
      }),
    );
    expect([bad, others]).toEqual([[], 0]);
    expect(proposals).toMatchObject([
      {
        author: 'Wolfi J Inkinson',
        atMs: Date.UTC(2026, 0, 9, 0, 2, 3, 647),
        assessment: {
          advisoryId: 'CVE-2014-123456',
          ecosystem: 'pypi',
          name: 'django',
          version: '1.11.1',
          status: 'mitigated',
        },
      },
      { assessment: { ecosystem: 'conda', name: 'openssl', status: 'mitigated' } },
    ]);
    expect(proposals[0]?.assessment.evidence).toContain('vex-9fb3463de1b57');
  });

  it.each([
    [
      { status: 'not_affected', justification: 'vulnerable_code_not_present' },
      {
        status: 'cleared',
        reason: 'vulnerable code not present',
        justification: 'vulnerable_code_not_present',
      },
    ],
    [
      { status: 'not_affected', impact_statement: 'We do not call it.' },
      { status: 'cleared', reason: 'We do not call it.' },
    ],
    [
      { status: 'affected', action_statement: 'Update to 2' },
      { status: 'active', reason: 'Update to 2' },
    ],
    [
      { status: 'under_investigation' },
      { status: 'reported', reason: 'Wolfi J Inkinson: under_investigation' },
    ],
    [
      { status: 'under_investigation', status_notes: 'Disputed: no bug' },
      { status: 'disputed', reason: 'no bug' },
    ],
  ])('says %o as %o', (says, means) => {
    expect(read(about(says)).proposals).toMatchObject([{ assessment: means }]);
  });

  it.each([
    ['clears without a reason', { status: 'not_affected' }, /without a justification or an impact statement/],
    ['clears with a blank one', { status: 'not_affected', impact_statement: ' ' }, /without a justification/],
    ['affects without an action', { status: 'affected' }, /without an action statement/],
    ['has an unknown status', { status: 'fine' }, /^statements\[0\]: status/],
    ['has an unknown justification', { status: 'not_affected', justification: 'because' }, /justification/],
    ['is about no id', { vulnerability: { name: 'CVE 1\n' } }, /advisoryId/],
    ['has a version that is none', { products: [{ '@id': 'pkg:pypi/x@1%202' }] }, /version/],
  ])('that %s is told, and proposes nothing', (_what, more, why) => {
    const { proposals, bad } = read(about(more));
    expect(proposals).toEqual([]);
    expect(bad).toEqual([expect.stringMatching(why) as string]);
  });

  it.each([
    [{ '@id': 'pkg:oci/git@sha256:1', subcomponents: [{ '@id': 'pkg:pypi/x' }] }],
    [{ '@id': 'pkg:pypi/x@1', subcomponents: [{ '@id': 'pkg:pypi/y' }] }],
    [{ '@id': 'pkg:conda/x@1?build=py_0&channel=main' }],
    [{ '@id': 'pkg:npm/x@1' }],
    [{ '@id': 'pkg:pypi/%zz@1' }],
    [{}],
  ])('about %o says nothing of the package', (product) => {
    expect(read(about({ products: [product] }))).toMatchObject({ proposals: [], others: 1 });
  });

  it('counts its last word on a package', () => {
    const { proposals } = read(
      about({ timestamp: '2026-03-01T00:00:00Z', status: 'fixed' }),
      about({ timestamp: '2026-02-01T00:00:00Z', status: 'under_investigation' }),
    );
    expect(proposals.map(({ assessment }) => assessment.status)).toEqual(['mitigated']);
  });

  it.each([
    7,
    null,
    [],
    {},
    { ...document(), '@context': 'https://openvex.dev/ns/v9' },
    { ...document(), author: '' },
    { ...document(), statements: {} },
  ])('is none: %o', (input) => {
    expect(proposalsOf(input)).toMatchObject({ ok: false });
  });
});

describe('assessments', () => {
  const assessments = curatedStatuses.map(
    (status, index) =>
      ({
        advisoryId: `CVE-2026-${index}`,
        ecosystem: index % 2 === 0 ? 'pypi' : 'conda',
        name: `package-${index}`,
        ...(index > 2 ? { version: `1!${index}.0+local` } : {}),
        status,
        ...(status === 'cleared' ? { justification: 'component_not_present' } : {}),
        reason: `Because of ${index}`,
        evidence: index % 2 === 0 ? `https://tickets.example/${index}` : '',
        atMs: Date.UTC(2026, 0, index + 1),
        by: 'ada',
      }) as unknown as Assessment,
  );

  const documentOf = (atMs: number) =>
    vexDocumentOf(assessments, { author: 'Acme', atMs, nameOf: ({ by }) => `Ada (${by})` });

  it('go out as the schema of OpenVEX 0.2.0 has it', () => {
    expect(vexSchema.safeParse(documentOf(1)).error).toBeUndefined();
    // The schema itself is kept: it refuses what it should.
    const [first] = (documentOf(1) as { statements: object[] }).statements;
    for (const bad of [
      { ...first, status: 'affected' },
      { ...first, status: 'not_affected' },
      { ...first, status: 'not_affected', justification: 'component_not_present', impact_statement: 'x' },
      { ...first, evidence: 'x' },
    ])
      expect(vexSchema.safeParse({ ...documentOf(1), statements: [bad] }).success).toBe(false);
  });

  it('go out as a document, and come back as they were', () => {
    const made = documentOf(Date.UTC(2026, 1, 1));
    const back = proposalsOf(JSON.parse(JSON.stringify(made)));
    if (!back.ok) throw new Error(back.problem);
    expect(back.bad).toEqual([]);
    const plain = ({ atMs: _at, by: _by, evidence: _evidence, ...rest }: Assessment) => rest;
    expect(back.proposals.map(({ assessment: { evidence: _evidence, ...rest } }) => rest)).toEqual(
      assessments.map(plain),
    );
    expect(back.proposals.map(({ author }) => author)).toEqual(assessments.map(() => 'Ada (ada) (Acme)'));
    expect(back.proposals[0]?.assessment.evidence).toMatch(
      /^https:\/\/tickets\.example\/0 · OpenVEX urn:uuid:.* \(Acme\)$/,
    );
    expect(back.proposals.map(({ atMs }) => atMs)).toEqual(assessments.map(({ atMs }) => atMs));
  });

  it('have one id for one content', () => {
    const idOf = (atMs: number) => (documentOf(atMs) as { '@id': string })['@id'];
    expect(idOf(1)).toBe(idOf(1));
    expect(idOf(1)).not.toBe(idOf(2));
    expect(idOf(1)).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
