/**
 * Assessments as OpenVEX 0.2.0 documents, and back. Invariant: a document of others is a proposal, never more; what it says
 * about one build or one product around a package is not taken for what it would say about the package.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Assessment } from '../../shared/model/curation.ts';
import { assessmentDraft } from '../../shared/model/curation.ts';
import { limits } from '../../shared/model/domain.ts';
import { packageLimits, vexJustification } from '../../shared/model/packages.ts';
import type { CuratedStatus, Ecosystem } from '../../shared/model/packages.ts';
import { normalName } from './ecosystem.ts';
import { printable } from './printable.ts';

export type AssessmentDraft = z.infer<typeof assessmentDraft>;
export type Proposal = {
  readonly assessment: AssessmentDraft;
  /** Who says so, as the document has it: nobody checked it. */
  readonly author: string;
  readonly atMs: number;
};
export type ReadVex =
  | {
      readonly ok: true;
      readonly proposals: readonly Proposal[];
      /** About something else: other kinds of packages, images, builds. */
      readonly others: number;
      /** Statements that break the rules of the format, in words. */
      readonly bad: readonly string[];
    }
  | { readonly ok: false; readonly problem: string };

const context = 'https://openvex.dev/ns/v0.2.0';
/** Far more than any document has. */
const most = { statements: 50_000, products: 5000 };
const time = z.iso
  .datetime({ offset: true })
  .max(64)
  .transform((text) => Date.parse(text));
const text = z.string().max(20_000);

const statement = z.object({
  vulnerability: z.union([z.string().transform((name) => ({ name })), z.object({ name: text })]),
  timestamp: time.optional(),
  last_updated: time.optional(),
  products: z
    .array(
      z.union([z.string().transform((id) => ({ '@id': id })), z.looseObject({ '@id': text.optional() })]),
    )
    .max(most.products)
    .optional(),
  status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
  status_notes: text.optional(),
  justification: vexJustification.optional(),
  impact_statement: text.optional(),
  action_statement: text.optional(),
});
type Statement = z.infer<typeof statement>;

const vexDocument = z.object({
  '@context': z.string().max(200),
  '@id': text.optional(),
  author: text.min(1),
  timestamp: time,
  last_updated: time.optional(),
  statements: z.array(z.unknown()).max(most.statements),
});

/** @param input a document, parsed from JSON */
export function proposalsOf(input: unknown): ReadVex {
  const parsed = vexDocument.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { ok: false, problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
  }
  const { data } = parsed;
  if (!/^https:\/\/openvex\.dev\/ns(?:\/v0\.2\.\d+)?$/.test(data['@context']))
    return { ok: false, problem: `@context: ${printable(data['@context'], 100)} is not OpenVEX 0.2.0` };
  const author = printable(data.author, limits.nameChars * 2);
  const evidence = printable(`OpenVEX ${data['@id'] ?? ''} (${author})`, packageLimits.evidenceChars);
  const newest = new Map<string, Proposal>();
  const bad: string[] = [];
  let others = 0;
  for (const [index, raw] of data.statements.entries()) {
    const one = statement.safeParse(raw);
    const why = one.success
      ? ruleBroken(one.data)
      : `${one.error.issues[0]?.path.join('.') ?? ''}: ${one.error.issues[0]?.message ?? ''}`;
    if (!one.success || why !== undefined) {
      bad.push(printable(`statements[${index}]: ${why ?? ''}`, 300));
      continue;
    }
    const atMs = one.data.last_updated ?? one.data.timestamp ?? data.last_updated ?? data.timestamp;
    for (const product of one.data.products ?? []) {
      const what = packageOf(purlIn(product) ?? '');
      if (what === undefined) {
        others += 1;
        continue;
      }
      const assessment = assessmentDraft.safeParse({
        advisoryId: one.data.vulnerability.name,
        ...what,
        ...statusOf(one.data, author),
        evidence,
      });
      if (!assessment.success) {
        bad.push(
          printable(
            `statements[${index}]: ${assessment.error.issues[0]?.path.join('.') ?? ''} cannot be kept`,
            300,
          ),
        );
        continue;
      }
      const { advisoryId, ecosystem, name, version } = assessment.data;
      const key = `${advisoryId} ${ecosystem} ${name} ${version ?? ''}`;
      const before = newest.get(key);
      // Later statements override earlier ones (OpenVEX 0.2.0, "Updating statements").
      if (before === undefined || before.atMs <= atMs)
        newest.set(key, { assessment: assessment.data, author, atMs });
    }
  }
  return { ok: true, proposals: [...newest.values()], others, bad };
}

function ruleBroken({
  status,
  justification,
  impact_statement,
  action_statement,
}: Statement): string | undefined {
  if (status === 'not_affected' && justification === undefined && (impact_statement ?? '').trim() === '')
    return 'not_affected without a justification or an impact statement';
  if (status === 'affected' && (action_statement ?? '').trim() === '')
    return 'affected without an action statement';
  return undefined;
}

const disputed = 'Disputed: ';

function statusOf(
  one: Statement,
  author: string,
): Pick<AssessmentDraft, 'status' | 'reason' | 'justification'> {
  const notes = one.status_notes ?? '';
  const why = (...texts: readonly (string | undefined)[]): string => {
    const said = texts.map((part) => printable(part ?? '', limits.reasonChars)).find((part) => part !== '');
    return said ?? printable(`${author}: ${one.status}`, limits.reasonChars);
  };
  switch (one.status) {
    case 'not_affected':
      return {
        status: 'cleared',
        reason: why(one.impact_statement, notes, one.justification?.replaceAll('_', ' ')),
        ...(one.justification === undefined ? {} : { justification: one.justification }),
      };
    case 'affected':
      return { status: 'active', reason: why(one.action_statement, notes) };
    case 'fixed':
      return { status: 'mitigated', reason: why(notes) };
    case 'under_investigation':
      return notes.startsWith(disputed)
        ? { status: 'disputed', reason: why(notes.slice(disputed.length)) }
        : { status: 'reported', reason: why(notes) };
  }
}

/** Of its identifiers, or its own id where that is one. */
function purlIn(product: Readonly<Record<string, unknown>>): string | undefined {
  const identifiers = z.object({ purl: text }).safeParse(product['identifiers']);
  if (identifiers.success) return identifiers.data.purl;
  const id = product['@id'];
  // What holds a package (an image with subcomponents) is another thing than the package.
  return typeof id === 'string' && product['subcomponents'] === undefined ? id : undefined;
}

/** A package URL of PyPI or conda. One with qualifiers (a build, a channel) means less than all of them. */
function packageOf(purl: string): { ecosystem: Ecosystem; name: string; version?: string } | undefined {
  const found = /^pkg:(pypi|conda)\/([^/@?#]+)(?:@([^/@?#]+))?$/i.exec(purl);
  if (found === null) return undefined;
  const ecosystem = (found[1] ?? '').toLowerCase() === 'pypi' ? 'pypi' : 'conda';
  try {
    const name = normalName(ecosystem, decodeURIComponent(found[2] ?? ''));
    const version = found[3] === undefined ? undefined : decodeURIComponent(found[3]);
    return { ecosystem, name, ...(version === undefined ? {} : { version }) };
  } catch {
    // No percent-encoding.
    return undefined;
  }
}

/**
 * All assessments as one document.
 * @param author the organization
 */
export function vexDocumentOf(
  assessments: readonly Assessment[],
  { author, atMs }: { readonly author: string; readonly atMs: number },
): object {
  const sorted = assessments.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const statements = sorted.map((entry) => ({
    vulnerability: { name: entry.advisoryId },
    timestamp: new Date(entry.atMs).toISOString(),
    products: [{ '@id': purlOf(entry), identifiers: { purl: purlOf(entry) } }],
    ...statementOf(entry),
  }));
  return {
    '@context': context,
    '@id': uuidUrn(JSON.stringify([author, atMs, statements])),
    author,
    timestamp: new Date(atMs).toISOString(),
    version: 1,
    tooling: 'latchkey',
    statements,
  };
}

const keyOf = ({ advisoryId, ecosystem, name, version = '' }: Assessment): string =>
  `${advisoryId} ${ecosystem} ${name} ${version}`;

function purlOf({ ecosystem, name, version }: Assessment): string {
  const at = version === undefined ? '' : `@${encodeURIComponent(version)}`;
  return `pkg:${ecosystem}/${encodeURIComponent(name)}${at}`;
}

const statements: Readonly<Record<CuratedStatus, (entry: Assessment) => object>> = {
  reported: ({ reason }) => ({ status: 'under_investigation', status_notes: reason }),
  active: ({ reason }) => ({ status: 'affected', action_statement: reason }),
  mitigated: ({ reason }) => ({ status: 'fixed', status_notes: reason }),
  cleared: ({ reason, justification }) => ({
    status: 'not_affected',
    ...(justification === undefined ? {} : { justification }),
    impact_statement: reason,
  }),
  // OpenVEX has no word for it.
  disputed: ({ reason }) => ({ status: 'under_investigation', status_notes: `${disputed}${reason}` }),
};
const statementOf = (entry: Assessment): object => statements[entry.status](entry);

/** RFC 9562, version 8: made of a hash, so that one content has one id. */
function uuidUrn(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
