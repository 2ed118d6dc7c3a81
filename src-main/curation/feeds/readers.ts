/** How each kind of feed is read: the entries of its files become records. */
import { z } from 'zod';
import { parseStrictJson } from '../strict-json.ts';
import { isOfOthers, parseOsv } from '../osv.ts';
import { printable } from '../printable.ts';
import { proposalsOf } from '../openvex.ts';
import type { Tally } from './bytes.ts';
import { linesOf, wholeBytes } from './bytes.ts';
import type { Entry, EntryForm } from './entries.ts';
import { epssRecords } from './epss.ts';
import { FeedError } from './problem.ts';
import type { FeedRecord, ReadRecord } from './records.ts';

export type FeedKind = 'osv' | 'kev' | 'epss' | 'vex';

type Reader = {
  readonly forms: readonly EntryForm[];
  readonly read: (entry: Entry, tally: Tally) => AsyncGenerator<ReadRecord>;
};

export const readers: Readonly<Record<FeedKind, Reader>> = {
  osv: { forms: ['json', 'lines'], read: osvRecords },
  kev: { forms: ['json'], read: kevRecords },
  epss: { forms: ['csv'], read: epssRecords },
  vex: { forms: ['json'], read: vexRecords },
};

/** A record a file, a list of them, or one a line. */
async function* osvRecords(entry: Entry, tally: Tally): AsyncGenerator<ReadRecord> {
  if (entry.form === 'lines') {
    for await (const { line, bytes } of linesOf(entry.open(), entry.place, tally.bounds.recordBytes)) {
      const place = `${entry.place}:${line}`;
      const parsed = parseStrictJson(bytes.toString('utf8'), tally.bounds);
      yield parsed.ok ? osvRecord(parsed.value, place) : badJson(parsed, place);
    }
    return;
  }
  const parsed = await documentOf(entry, tally);
  if (!parsed.ok) {
    // One of many files: the others count.
    yield badJson(parsed, entry.place);
    return;
  }
  const list = osvList.safeParse(parsed.value);
  if (!list.success) {
    yield osvRecord(parsed.value, entry.place, entry.stamp);
    return;
  }
  const all = Array.isArray(list.data) ? list.data : list.data.vulns;
  for (const [index, one] of all.entries()) yield osvRecord(one, `${entry.place}[${index}]`);
}

const osvList = z.union([z.array(z.unknown()), z.object({ vulns: z.array(z.unknown()) })]);

function osvRecord(input: unknown, place: string, stamp?: string): ReadRecord {
  if (isOfOthers(input)) return { ok: true };
  const parsed = parseOsv(input);
  if (!parsed.ok) return { ok: false, id: idIn(input), place, why: printable(parsed.problem, 200) };
  const { advisory } = parsed;
  // Nothing but commits, and not even a score for what it is another name of.
  if (advisory.affected.length === 0 && advisory.score === undefined) return { ok: true };
  const record: FeedRecord = {
    id: advisory.id,
    value: advisory,
    modifiedMs: advisory.modifiedMs,
    ...(advisory.withdrawnMs === undefined ? {} : { isWithdrawn: true }),
    ...(stamp === undefined ? {} : { from: `${place} ${stamp}` }),
  };
  return { ok: true, record };
}

const idOnly = z.object({ id: z.string().min(1).max(300) });
const idIn = (input: unknown): string | undefined => idOnly.safeParse(input).data?.id;

const kevDocument = z.object({ vulnerabilities: z.array(z.unknown()) });
const kevEntry = z.object({ cveID: z.string().regex(/^CVE-\d{4}-\d{4,19}$/) });

/** CISA's catalogue. */
async function* kevRecords(entry: Entry, tally: Tally): AsyncGenerator<ReadRecord> {
  const document = kevDocument.safeParse(await requireDocument(entry, tally));
  if (!document.success) throw new FeedError('wrong-form', entry.place, 'no list "vulnerabilities"');
  for (const [index, one] of document.data.vulnerabilities.entries()) {
    const parsed = kevEntry.safeParse(one);
    yield parsed.success
      ? { ok: true, record: { id: parsed.data.cveID, value: null } }
      : { ok: false, place: `${entry.place}: vulnerabilities[${index}]`, why: 'no cveID' };
  }
}

async function* vexRecords(entry: Entry, tally: Tally): AsyncGenerator<ReadRecord> {
  const parsed = proposalsOf(await requireDocument(entry, tally));
  if (!parsed.ok) throw new FeedError('wrong-form', entry.place, parsed.problem);
  for (const problem of parsed.bad) yield { ok: false, place: entry.place, why: problem };
  for (const proposal of parsed.proposals) {
    const { advisoryId, ecosystem, name, version = '' } = proposal.assessment;
    const id = `${advisoryId} ${ecosystem} ${name} ${version}`;
    yield { ok: true, record: { id, value: proposal, modifiedMs: proposal.atMs } };
  }
}

async function documentOf(entry: Entry, tally: Tally) {
  const bytes = await wholeBytes(entry.open(), entry.place, tally.bounds.documentBytes);
  return parseStrictJson(bytes.toString('utf8'), tally.bounds);
}

async function requireDocument(entry: Entry, tally: Tally): Promise<unknown> {
  const parsed = await documentOf(entry, tally);
  if (!parsed.ok) throw new FeedError(parsed.why, entry.place, parsed.detail);
  return parsed.value;
}

type NotParsed = Extract<ReturnType<typeof parseStrictJson>, { ok: false }>;
const badJson = ({ why, detail = '' }: NotParsed, place: string): ReadRecord => ({
  ok: false,
  place,
  why: printable(detail === '' ? why : `${why}: ${detail}`, 200),
});
