/**
 * Makes of an index of a channel what policies leave of it. Runs in a worker, on a document of ours (links are out of it
 * already). Invariant: only records that were judged and allowed (or that are refused at the download) are copied, as the
 * bytes that they are; what is not known here (containers of a later revision, members of `info`) is left out and counted,
 * never passed through. A file that stands in two containers is taken from the first.
 */
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { Policy } from '../../../shared/model/policy.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { CachedJudge } from '../../policy/packages/cached-judge.ts';
import type { Knowledge, PackageFacts } from '../../policy/packages/facts.ts';
import { packageRules } from '../../policy/packages/judge.ts';
import type { AllowedFilesBuffers } from '../documents/allowed-files.ts';
import { AllowedFilesBuilder } from '../documents/allowed-files.ts';
import { ByteWriter } from '../documents/byte-writer.ts';
import type { DocumentReader } from '../documents/document-reader.ts';
import { JsonRecords } from '../documents/json-records.ts';
import { HashSet, NameHash } from '../documents/name-hash.ts';
import type { RecordTableBuffers } from '../documents/record-table.ts';
import { SpokenBuilder } from '../documents/spoken-files.ts';
import { knownRevision, namesOf, objectIn, treatmentOf } from './index-shape.ts';
import type { RecordPlace } from './record-facts.ts';
import { readRecord } from './record-facts.ts';
import type { NewSights, SightBuffers } from './sight-table.ts';
import { FoundSights, sightOf } from './sight-table.ts';

export type CondaPolicyJob = {
  readonly type: 'policy-conda';
  readonly channelId: ChannelId;
  readonly subdir: string;
  readonly policies: readonly Policy[];
  /** What it is made by: two documents that say the same under different ones are not the same (ETag). */
  readonly scopeKey: string;
  readonly knowledgeVersion: number;
  readonly nowMs: number;
  /** When files came for the first time, for those of which the index has no time of its own. */
  readonly sights: SightBuffers;
  /** Nothing of this document was seen before: its builders' times count. */
  readonly isFirstSight: boolean;
};

export type CondaPolicyResult = {
  readonly digest: string;
  readonly denied: number;
  /** Denied by policies that observe only. */
  readonly observed: number;
  /** Records and containers that were left out because nobody knows what they are. */
  readonly unknown: number;
  /** Of those that are denied or observed. */
  readonly table: RecordTableBuffers;
  readonly allowed: AllowedFilesBuffers;
  readonly changesAtMs: number | undefined;
  readonly sights: NewSights;
};

export class CondaPolicyFilter implements DocumentReader<CondaPolicyResult> {
  readonly #job: CondaPolicyJob;
  readonly #judge: CachedJudge;
  readonly #records: JsonRecords;
  readonly #digest: Hash = createHash('sha256');
  readonly #hash: NameHash;
  readonly #allowed: AllowedFilesBuilder;
  /** Files of all containers. */
  readonly #listed = new HashSet();
  readonly #found = new FoundSights();
  readonly #spoken = new SpokenBuilder();
  readonly #out = new ByteWriter();
  /** How many members stand in the objects that are open. */
  readonly #members: number[] = [0];
  #deniedCount = 0;
  #observed = 0;
  #unknown = 0;
  #hasRevision = false;
  readonly #revision = {
    count: 0,
    oldest: undefined as number | undefined,
    newest: undefined as number | undefined,
  };
  #place: RecordPlace;

  constructor(job: CondaPolicyJob, knowledge: Knowledge) {
    this.#job = job;
    this.#place = { channelId: job.channelId, subdir: job.subdir, extension: undefined };
    this.#judge = new CachedJudge(packageRules(job.policies, knowledge), job.nowMs);
    this.#digest.update(`${job.scopeKey}\0${job.channelId}\0`);
    this.#hash = new NameHash(job.sights.key);
    this.#allowed = new AllowedFilesBuilder(this.#hash);
    this.#records = new JsonRecords(
      {
        treat: treatmentOf,
        open: (path) => {
          if (path[0] === knownRevision) this.#hasRevision = true;
          this.#member(path.at(-1) ?? '', '{');
          this.#members.push(0);
          const extension = path[0] === knownRevision ? path[1] : undefined;
          this.#place = { channelId: job.channelId, subdir: job.subdir, extension };
        },
        close: () => {
          this.#members.pop();
          this.#out.text('}\n');
        },
        record: (path, name, key, value, commas) => this.#record(path, name, key, value, commas),
        whole: (path, value) => this.#whole(path, value),
        skipped: () => (this.#unknown += 1),
      },
      this.#hash,
    );
    this.#out.text('{');
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#records.push(chunk);
    return this.#flush();
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: CondaPolicyResult } {
    this.#records.end();
    this.#member('info', JSON.stringify(this.#ownInfo()));
    this.#out.text('}\n');
    const pieces = this.#flush();
    return {
      pieces,
      result: {
        digest: this.#digest.digest('base64url').slice(0, 27),
        denied: this.#deniedCount,
        observed: this.#observed,
        unknown: this.#unknown,
        table: this.#spoken.build(),
        allowed: this.#allowed.build(),
        changesAtMs: this.#judge.changesAtMs,
        sights: this.#found.build(),
      },
    };
  }

  #record(path: readonly string[], name: string, key: Buffer, value: Buffer, commas: number): void {
    const record = readRecord(name, value, commas, this.#place);
    if (record === undefined) {
      this.#unknown += 1;
      return;
    }
    const { filename } = record.facts;
    // Of a key that is the file's name the hash is there already.
    if (filename !== name) this.#hash.of(filename);
    if (!this.#listed.add(this.#hash)) {
      this.#unknown += 1;
      return;
    }
    const atMs = record.facts.publishedAtMs ?? this.#sightOf(record.builtAtMs);
    const facts =
      record.facts.publishedAtMs === undefined ? { ...record.facts, publishedAtMs: atMs } : record.facts;
    if (this.#isHidden(facts)) return;
    const count = this.#members.at(-1) ?? 0;
    this.#members[this.#members.length - 1] = count + 1;
    if (count > 0) this.#out.text(',\n');
    this.#out.bytes(key);
    this.#out.text(':');
    if (facts === record.facts) this.#out.bytes(value);
    else {
      this.#out.bytes(value.subarray(0, -1));
      this.#out.text(`,"indexed_timestamp":${atMs}}`);
    }
    if (path[0] === knownRevision) this.#countRevision(atMs);
  }

  /** Judges it, and keeps what was said. */
  #isHidden(facts: PackageFacts): boolean {
    const { effect, style, reasons } = this.#judge.judge(facts);
    const isDenied = effect === 'deny';
    if (!isDenied) this.#allowed.addHashed(this.#hash);
    if (reasons.length === 0) return false;
    if (isDenied) this.#deniedCount += 1;
    else this.#observed += 1;
    const isHidden = isDenied && style === 'hide';
    const { filename, version, name } = facts;
    this.#spoken.add({ filename, name, version, isHidden, reasons });
    return isHidden;
  }

  /** When the file that was hashed last was first seen: now, unless it was before. */
  #sightOf(builtAtMs: number | undefined): number {
    const { sights, isFirstSight, nowMs } = this.#job;
    const known = sightOf(sights, this.#hash);
    if (known !== undefined) return known;
    const atMs = isFirstSight ? Math.trunc(Math.min(builtAtMs ?? nowMs, nowMs)) : nowMs;
    this.#found.add(this.#hash, atMs);
    return atMs;
  }

  #whole([top = '']: readonly string[], value: Buffer): void {
    if (top === 'removed') this.#member('removed', JSON.stringify(namesOf(value)));
    // CEP 15: 2 says that `base_url` counts, which is not there.
    else if (top === 'repodata_version') this.#member(top, '1');
    else if (top === 'info') {
      const revisions = objectIn(objectIn(value)?.['repodata_revisions']);
      this.#hasRevision ||= revisions?.[knownRevision] !== undefined;
    }
  }

  /** `info` from what is known of it: what makes a client load from elsewhere is not among that. */
  #ownInfo(): object {
    const { subdir } = this.#job;
    if (!this.#hasRevision) return { subdir };
    const { count: n_packages, oldest, newest } = this.#revision;
    const times = oldest === undefined || newest === undefined ? {} : { oldest, newest };
    return { subdir, repodata_revisions: { [knownRevision]: { n_packages, ...times } } };
  }

  #countRevision(atMs: number): void {
    this.#revision.count += 1;
    const { oldest, newest } = this.#revision;
    this.#revision.oldest = Math.min(oldest ?? atMs, atMs);
    this.#revision.newest = Math.max(newest ?? atMs, atMs);
  }

  #member(name: string, text: string): void {
    const depth = this.#members.length - 1;
    const count = this.#members[depth] ?? 0;
    this.#members[depth] = count + 1;
    this.#out.text(`${count > 0 ? ',' : ''}${JSON.stringify(name)}:${text}`);
  }

  #flush(): Uint8Array[] {
    const pieces = this.#out.take();
    for (const piece of pieces) this.#digest.update(piece);
    return pieces;
  }
}
