/**
 * A worker thread: reads documents that came from outside. Invariant: every call is one bounded step, so that the
 * documents of many clients take turns; it knows no token and no credential, and opens no connection. Runs on its own,
 * in Electron's oldest Node too, so it uses no newer built-in.
 */
import workerpool from 'workerpool';
import type { KnowledgeData } from '../../curation/knowledge-data.ts';
import { knowledgeOf, noKnowledge } from '../../curation/knowledge-data.ts';
import { CondaPolicyFilter } from '../conda/policy-filter.ts';
import { CondaReader } from '../conda/read-index.ts';
import { promisedMetadata } from '../pypi/folder-index.ts';
import type { FolderPage, LookResult } from '../pypi/folder-index.ts';
import type { KeptFile } from '../pypi/kept-file.ts';
import { ListReader } from '../pypi/read-list.ts';
import { PypiPolicyFilter } from '../pypi/policy-filter.ts';
import { PageReader } from '../pypi/read-page.ts';
import { HtmlWriter } from '../pypi/write-html.ts';
import type { RecordTableBuffers } from './record-table.ts';
import type { DocumentReader } from './document-reader.ts';
import { closeFolder, stepFolder } from './folder-calls.ts';
import type { DocumentJob, EndAnswer, FolderAnswer, FolderCall, PushAnswer } from './jobs.ts';
import { NotAnIndexError, TooLargeError } from './not-an-index.ts';

/** What policies are judged by on this thread. */
let knowledge = noKnowledge;

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
    case 'policy-conda':
      return new CondaPolicyFilter(job, knowledge);
    case 'policy-pypi':
      return new PypiPolicyFilter(job, knowledge);
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
  know: (data: KnowledgeData) => {
    knowledge = knowledgeOf(data);
  },
  /** A short document at once. */
  read: (job: DocumentJob, bytes: Uint8Array) =>
    given<EndAnswer<object>>(() => {
      const reader = readerOf(job);
      const pieces = reader.push(view(bytes));
      const rest = reader.end();
      return { ok: true, pieces: [...pieces, ...rest.pieces], result: rest.result };
    }),
  folderStep: (key: number, call: number, asked: FolderCall) => {
    const answer = stepFolder(key, call, asked);
    return new workerpool.Transfer(answer, foundIn(answer));
  },
  folderMetadata: (filename: string, file: KeptFile) => promisedMetadata(filename, file),
  folderClose: (key: number) => closeFolder(key),
};

export type WorkerMethods = typeof methods;

workerpool.worker(methods);
