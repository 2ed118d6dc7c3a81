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
import { printable } from './printable.ts';
import { packageOfPurl, purlOf } from './purl.ts';

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
  const source = printable(`OpenVEX ${data['@id'] ?? ''} (${author})`, packageLimits.evidenceChars);
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
    const notes = notesIn(one.data.status_notes ?? '');
    const who = printable(notes.author === '' ? author : `${notes.author} (${author})`, limits.nameChars * 2);
    for (const product of one.data.products ?? []) {
      const what = packageOfPurl(purlIn(product) ?? '');
      if (what === undefined) {
        others += 1;
        continue;
      }
      const assessment = assessmentDraft.safeParse({
        advisoryId: one.data.vulnerability.name,
        ...what,
        ...statusOf({ ...one.data, status_notes: notes.text }, author),
        evidence: printable(
          notes.evidence === '' ? source : `${notes.evidence} · ${source}`,
          packageLimits.evidenceChars,
        ),
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
        newest.set(key, { assessment: assessment.data, author: who, atMs });
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
const [evidenceMark, authorMark] = ['Evidence: ', 'Author: '];

/** What our own exports put into the last lines of the notes, as OpenVEX has no field for it. */
function notesIn(text: string): {
  readonly text: string;
  readonly evidence: string;
  readonly author: string;
} {
  const lines = text.split('\n');
  const takeLast = (mark: string): string => {
    if (lines.at(-1)?.startsWith(mark) !== true) return '';
    return (lines.pop() ?? '').slice(mark.length);
  };
  const author = takeLast(authorMark);
  const evidence = takeLast(evidenceMark);
  return { text: lines.join('\n'), evidence, author };
}

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

const withPurl = z.object({ purl: text });

/** Of its identifiers, or its own id where that is one. */
function purlIn(product: Readonly<Record<string, unknown>>): string | undefined {
  const identifiers = withPurl.safeParse(product['identifiers']);
  if (identifiers.success) return identifiers.data.purl;
  const id = product['@id'];
  // What holds a package (an image with subcomponents) is another thing than the package.
  return typeof id === 'string' && product['subcomponents'] === undefined ? id : undefined;
}

/**
 * All assessments as one document.
 * @param author the organization
 * @param nameOf who made an assessment
 */
export function vexDocumentOf(
  assessments: readonly Assessment[],
  {
    author,
    atMs,
    nameOf,
  }: { readonly author: string; readonly atMs: number; readonly nameOf: (entry: Assessment) => string },
): object {
  const sorted = assessments.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const statements = sorted.map((entry) => ({
    vulnerability: { name: entry.advisoryId },
    timestamp: new Date(entry.atMs).toISOString(),
    products: [{ '@id': purlOf(entry), identifiers: { purl: purlOf(entry) } }],
    ...statementOf(entry, nameOf(entry)),
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

/** Of `not_affected` the schema wants a justification or an impact statement, and not both. */
function statementOf(entry: Assessment, by: string): object {
  const { reason, justification, evidence } = entry;
  const notes = (...texts: readonly string[]) => {
    const marked = [
      evidence === '' ? '' : `${evidenceMark}${evidence}`,
      by === '' ? '' : `${authorMark}${by}`,
    ];
    const lines = [...texts, ...marked].filter((line) => line !== '');
    return lines.length === 0 ? {} : { status_notes: lines.join('\n') };
  };
  switch (entry.status) {
    case 'reported':
      return { status: 'under_investigation', ...notes(reason) };
    case 'active':
      return { status: 'affected', action_statement: reason, ...notes() };
    case 'mitigated':
      return { status: 'fixed', ...notes(reason) };
    case 'cleared':
      return justification === undefined
        ? { status: 'not_affected', impact_statement: reason, ...notes() }
        : { status: 'not_affected', justification, ...notes(reason) };
    // OpenVEX has no word for it.
    case 'disputed':
      return { status: 'under_investigation', ...notes(`${disputed}${reason}`) };
  }
}

/** RFC 9562, version 8: made of a hash, so that one content has one id. */
function uuidUrn(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
