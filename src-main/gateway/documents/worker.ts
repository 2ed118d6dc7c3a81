/**
 * A worker thread: reads documents that came from outside. Invariant: every call is one bounded step, so that the
 * documents of many clients take turns; it knows no token and no credential, and opens no connection. Runs on its own,
 * in Electron's oldest Node too, so it uses no newer built-in.
 */
import { workerData } from 'node:worker_threads';
import workerpool from 'workerpool';
import type { AdvisoryFact, Affected, Knowledge, PackageFacts } from '../../policy/packages/facts.ts';
import type { Verdict } from '../../policy/packages/judge.ts';
import { judgePackage } from '../../policy/packages/judge.ts';
import { UnreadableFactsError } from '../../curation/knowledge.ts';
import { knowledgeOf, noKnowledge } from '../../curation/knowledge-data.ts';
import { DigestsReader } from '../conda/index-digests.ts';
import { CondaReader } from '../conda/read-index.ts';
import type { ShardBatch } from '../conda/shards/encode-shards.ts';
import { encodeShards } from '../conda/shards/encode-shards.ts';
import { ChannelDataFilter } from '../conda/side-documents/channel-data.ts';
import { ListedNamesReader } from '../conda/side-documents/listed-names.ts';
import { RunExportsFilter } from '../conda/side-documents/run-exports.ts';
import { promisedMetadata } from '../pypi/folder-index.ts';
import type { FolderPage, LookResult } from '../pypi/folder-index.ts';
import { licenseOfMetadata } from '../pypi/licenses/metadata-license.ts';
import type { WheelPart } from '../pypi/licenses/sparse-wheel.ts';
import { licenseOfParts } from '../pypi/licenses/sparse-wheel.ts';
import type { KeptFile } from '../pypi/kept-file.ts';
import { ProjectNamesReader } from '../pypi/listed-names.ts';
import { ListReader } from '../pypi/read-list.ts';
import { PypiPolicyFilter } from '../pypi/policy-filter.ts';
import { PypiFactsReader } from '../pypi/page-facts.ts';
import { PageReader } from '../pypi/read-page.ts';
import { HtmlWriter } from '../pypi/write-html.ts';
import type { EntryFactsJob } from '../index-store/entry-facts.ts';
import { factsOfEntries } from '../index-store/entry-facts.ts';
import type { JudgedRows, JudgeRowsJob } from '../index-store/judge-rows.ts';
import { judgeRows } from '../index-store/judge-rows.ts';
import { DependenciesReader } from '../index-store/row-dependencies.ts';
import { RowsReader } from '../index-store/rows-reader.ts';
import type { Satisfied, SatisfyJob } from '../index-store/satisfy-rows.ts';
import { satisfyRows } from '../index-store/satisfy-rows.ts';
import type { FindNamesJob } from '../names-like.ts';
import { findNames } from '../names-like.ts';
import type { RecordTableBuffers } from './record-table.ts';
import type { DocumentReader } from './document-reader.ts';
import { closeFolder, stepFolder } from './folder-calls.ts';
import type { DocumentJob, EndAnswer, FolderAnswer, FolderCall, PushAnswer } from './jobs.ts';
import type { KnownData } from './known-data.ts';
import { KnownRules } from './known-rules.ts';
import { NotAnIndexError, TooLargeError } from './not-an-index.ts';

/** What policies are judged by on this thread. */
let known: { readonly version: number; readonly knowledge: Knowledge } = {
  version: 0,
  knowledge: noKnowledge,
};

function know(given: KnownData | undefined): void {
  if (given !== undefined) known = { version: given.version, knowledge: knowledgeOf(given.data) };
}
// A thread that takes the place of a dead one begins with what that one knew.
know((workerData as { known?: KnownData } | undefined)?.known);

/** @throws Error where less is known than what the answer is asked by: nothing is judged by less */
function knowledgeAt(version: number): Knowledge {
  if (version > known.version) throw new Error('This thread does not know what policies are judged by.');
  return known.knowledge;
}

const knownRules = new KnownRules();
const readers = new Map<number, DocumentReader<object>>();

function readerOf(job: DocumentJob): DocumentReader<object> {
  switch (job.type) {
    case 'pypi-page':
      return new PageReader(job);
    case 'pypi-list':
      return new ListReader(job);
    case 'conda-index':
      return new CondaReader(job);
    case 'own-html':
      return new HtmlWriter(job);
    case 'conda-rows':
      return new RowsReader(job);
    case 'conda-dependencies':
      return new DependenciesReader(job);
    case 'conda-digests':
      return new DigestsReader(job);
    case 'policy-pypi':
      return new PypiPolicyFilter(job, knowledgeAt(job.knowledgeVersion));
    case 'pypi-facts':
      return new PypiFactsReader(job);
    case 'pypi-names':
      return new ProjectNamesReader(job);
    case 'conda-listed-names':
      return new ListedNamesReader(job);
    case 'conda-run-exports':
      return new RunExportsFilter(job);
    case 'conda-channeldata':
      return new ChannelDataFilter(job);
  }
}

/** An answer whose bytes are handed over. */
function given<T extends PushAnswer | EndAnswer<object>>(make: () => T): unknown {
  let answer: PushAnswer | EndAnswer<object>;
  try {
    answer = make();
  } catch (error) {
    if (error instanceof NotAnIndexError) answer = { ok: false, problem: 'not-an-index', why: error.message };
    else if (error instanceof TooLargeError) answer = { ok: false, problem: 'too-large', why: error.message };
    else throw error;
  }
  return new workerpool.Transfer(answer, buffersOf(answer));
}

function buffersOf(answer: PushAnswer | EndAnswer<object>): ArrayBuffer[] {
  if (!answer.ok) return [];
  const found = new Set(answer.pieces.map((piece) => piece.buffer as ArrayBuffer));
  const table = 'result' in answer ? (answer.result as { table?: RecordTableBuffers }).table : undefined;
  for (const part of table === undefined ? [] : [...table.chunks, table.places])
    found.add(part.buffer as ArrayBuffer);
  return [...found];
}

/** Pieces and table of a folder's list or page. */
function foundIn(answer: FolderAnswer): ArrayBuffer[] {
  if (!answer.ok || !answer.isDone || answer.result === undefined) return [];
  const result = answer.result as LookResult | FolderPage;
  const made = 'changed' in result ? result.changed : result;
  return made === undefined ? [] : buffersOf({ ok: true, pieces: made.pieces, result: made });
}

const view = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** None where they cannot be read: the verdict says so. */
function advisoriesOf(knowledge: Knowledge, what: Affected): readonly AdvisoryFact[] {
  try {
    return knowledge.advisories(what);
  } catch (error) {
    if (error instanceof UnreadableFactsError) return [];
    throw error;
  }
}

const methods = {
  open: (id: number, job: DocumentJob) => void readers.set(id, readerOf(job)),
  push: (id: number, bytes: Uint8Array) =>
    given<PushAnswer>(() => ({ ok: true, pieces: readers.get(id)?.push(view(bytes)) ?? [] })),
  end: (id: number) =>
    given<EndAnswer<object>>(() => {
      const reader = readers.get(id);
      readers.delete(id);
      if (reader === undefined) throw new Error('No such document.');
      return { ok: true, ...reader.end() };
    }),
  drop: (id: number) => void readers.delete(id),
  /** From the next document on. */
  know: (given: KnownData) => know(given),
  /** Verdicts about some packages, as each set of policies (as JSON) says it. */
  judge: (
    version: number,
    sets: readonly string[],
    packages: readonly PackageFacts[],
    nowMs: number,
  ): readonly (readonly Verdict[])[] => {
    const knowledge = knowledgeAt(version);
    return sets.map((policies) => {
      const rules = knownRules.of(policies, knowledge);
      return packages.map((facts) => judgePackage(rules, facts, nowMs));
    });
  },
  judgeRows: (version: number, job: JudgeRowsJob): JudgedRows => judgeRows(job, knowledgeAt(version)),
  satisfyRows: (job: SatisfyJob): Satisfied => satisfyRows(job),
  findNames: (job: FindNamesJob) => findNames(job),
  /** What some entries of an index say; undefined for one that cannot be relied on. */
  entryFacts: (job: EntryFactsJob) => factsOfEntries(job),
  /** What is known about one version. */
  about: (version: number, what: Affected): About => {
    const knowledge = knowledgeAt(version);
    return { advisories: advisoriesOf(knowledge, what), labels: knowledge.labels(what) };
  },
  /** A short document at once. */
  read: (job: DocumentJob, bytes: Uint8Array) =>
    given<EndAnswer<object>>(() => {
      const reader = readerOf(job);
      const pieces = reader.push(view(bytes));
      const rest = reader.end();
      return { ok: true, pieces: [...pieces, ...rest.pieces], result: rest.result };
    }),
  /** Some names at a time. */
  encodeShards: (batch: ShardBatch) => {
    const { fingerprints, digests, lengths, bytes, unreadable } = encodeShards(batch);
    const handed = [fingerprints, digests, lengths, bytes].map(({ buffer }) => buffer);
    return new workerpool.Transfer({ fingerprints, digests, lengths, bytes, unreadable }, handed);
  },
  folderStep: (key: number, call: number, asked: FolderCall) => {
    const answer = stepFolder(key, call, asked);
    return new workerpool.Transfer(answer, foundIn(answer));
  },
  /** The licence in core metadata. */
  metadataLicense: (metadata: Uint8Array) => licenseOfMetadata(metadata),
  /** The licence of a wheel, of which parts are here. */
  wheelLicense: (sizeBytes: number, parts: readonly WheelPart[], project: string) =>
    licenseOfParts(sizeBytes, parts, project),
  folderMetadata: (filename: string, file: KeptFile) => promisedMetadata(filename, file),
  folderClose: (key: number) => closeFolder(key),
};

export type About = { readonly advisories: readonly AdvisoryFact[]; readonly labels: readonly string[] };
export type WorkerMethods = typeof methods;

workerpool.worker(methods);
