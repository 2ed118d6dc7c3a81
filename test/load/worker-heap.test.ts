/**
 * A thread that reads documents has room for the worst that it may be given at once: the longest documents of two
 * upstreams, of which HTML is made meanwhile, and as many short ones as are fetched at a time, whose members are as
 * costly as they can be. Shown with two thirds of what a thread has.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { FairSlots } from '../../src-main/gateway/fair-slots.ts';
import type { DocumentJob, ResultOf } from '../../src-main/gateway/documents/jobs.ts';
import { readDocument } from '../../src-main/gateway/documents/read-document.ts';
import { maxHeapMb, WorkerThreads } from '../../src-main/gateway/documents/worker-threads.ts';

const heapMb = Number(process.env['WORKER_HEAP_MB'] ?? Math.floor((maxHeapMb * 2) / 3));
const maxBytes = 128 * 1024 * 1024;
const project = 'acme';

let threads: WorkerThreads | undefined;
afterEach(() => threads?.close());

const pageJob = (): DocumentJob => ({
  type: 'pypi-page',
  project,
  pageUrl: 'https://index.example/simple/acme/',
  privateHosts: [],
  isJson: true,
});

/** As many files as there is room for, with names as long as can be, each of a version of its own. */
function* longPage(): Generator<Buffer> {
  yield Buffer.from('{"meta":{"api-version":"1.4"},"name":"acme","files":[');
  const digest = createHash('sha256').update('').digest('hex');
  const files = 210_000;
  for (let index = 0; index < files; index += 100) {
    const entries = Array.from({ length: 100 }, (_, at) => {
      const version = `1.${index + at}.${'9'.repeat(60)}`;
      const tag = `py3-none-${'a'.repeat(255 - version.length - 19)}`;
      return `{"filename":"acme-${version}-${tag}.whl","url":"f","hashes":{"sha256":"${digest}"},"size":1}`;
    });
    yield Buffer.from(`${index === 0 ? '' : ','}${entries.join(',')}`);
  }
  yield Buffer.from(']}');
}

/** As many projects as a list may have, with names as long as all of them may have. */
function* longList(): Generator<Buffer> {
  yield Buffer.from('{"meta":{"api-version":"1.4"},"projects":[');
  const projects = 2_000_000;
  for (let index = 0; index < projects; index += 1000) {
    const entries = Array.from(
      { length: 1000 },
      (_, at) => `{"name":"a${String(index + at).padStart(15, 'z')}"}`,
    );
    yield Buffer.from(`${index === 0 ? '' : ','}${entries.join(',')}`);
  }
  yield Buffer.from(']}');
}

/** One member that takes most memory for its length. */
function* costlyPage(): Generator<Buffer> {
  yield Buffer.from(`{"files":[],"name":"acme","meta":{"api-version":"1.4","more":[${'[],'.repeat(330_000)}`);
  yield Buffer.from('[]]}}');
}

function read<J extends DocumentJob>(
  slots: FairSlots,
  owner: string,
  job: J,
  body: Readable,
  onPieces: (pieces: readonly Uint8Array[]) => void = () => undefined,
): Promise<ResultOf<J>> {
  if (threads === undefined) throw new Error('no threads');
  // What we wrote ourselves is read as long as it is.
  const limits = {
    longSlots: slots,
    maxBytes: job.type === 'own-html' ? Number.POSITIVE_INFINITY : maxBytes,
  };
  const options = { ...limits, threads, owner, job, body, coding: undefined, onPieces };
  return readDocument(options).then(({ result }) => result);
}

/** @returns what was not read */
async function crowd(job: () => DocumentJob, document: () => Generator<Buffer>): Promise<readonly unknown[]> {
  threads = new WorkerThreads(1, heapMb);
  const slots = () => new FairSlots({ total: 2, perOwner: 1, waiting: 128 });
  const [theirs, ours] = [slots(), slots()];
  const isList = job().type === 'pypi-list';
  const written: Uint8Array[] = [];
  await read(slots(), 'first', job(), Readable.from(document()), (pieces) => void written.push(...pieces));
  const html = { type: 'own-html', project: isList ? undefined : project, status: undefined } as const;
  const owners = ['one', 'two'];
  const shorts = Array.from({ length: 128 }, (_, index) =>
    read(theirs, `short-${index}`, pageJob(), Readable.from(costlyPage())),
  );
  const longs = [
    ...owners.map((owner) => read(theirs, owner, job(), Readable.from(document()))),
    ...owners.map((owner) => read(ours, owner, html, Readable.from(written))),
  ];
  const settled = await Promise.allSettled([...longs, ...shorts]);
  return settled.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
}

describe('the heap of a thread', () => {
  it('has room for the longest pages', async () => {
    expect(await crowd(pageJob, longPage)).toEqual([]);
  });

  it('has room for the longest lists', async () => {
    expect(await crowd(() => ({ type: 'pypi-list', isJson: true }), longList)).toEqual([]);
  });
});
