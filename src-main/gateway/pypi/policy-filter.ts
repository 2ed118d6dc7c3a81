/**
 * Makes of a project's page what policies leave of it. Runs in a worker, on a page of ours. A hidden file is marked as
 * yanked with the reason (PEP 592): clients choose another version by themselves, and say why to whoever asks for exactly
 * this one. Invariant: no file that was not judged and allowed can be downloaded by what this says.
 */
import { createHash } from 'node:crypto';
import type { Reason } from '../../../shared/model/decision.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { CachedJudge } from '../../policy/packages/cached-judge.ts';
import type { Knowledge, PackageFacts } from '../../policy/packages/facts.ts';
import { packageRules } from '../../policy/packages/judge.ts';
import type { AllowedFilesBuffers } from '../documents/allowed-files.ts';
import { AllowedFilesBuilder } from '../documents/allowed-files.ts';
import type { DocumentReader } from '../documents/document-reader.ts';
import type { Spans } from '../documents/json-members.ts';
import { JsonMembers } from '../documents/json-members.ts';
import type { RecordTableBuffers } from '../documents/record-table.ts';
import { spokenBy, SpokenBuilder } from '../documents/spoken-files.ts';
import { parseFileNameOf } from './file-names.ts';
import type { ProjectStatus } from './model.ts';
import type { FileJson } from './page-writer.ts';
import { apiVersion } from './page-writer.ts';
import { PieceWriter } from './piece-writer.ts';
import type { KnownLicenses, Unread } from './licenses/release-licenses.ts';
import { ReleaseLicenses } from './licenses/release-licenses.ts';

export type PypiPolicyJob = {
  readonly type: 'policy-pypi';
  readonly channelId: ChannelId;
  /** Normalised. */
  readonly project: string;
  readonly status: ProjectStatus | undefined;
  readonly newest: PackageFacts['newest'];
  readonly policies: readonly Policy[];
  /** What it is made by: two pages that say the same under different ones are not the same (ETag). */
  readonly scopeKey: string;
  readonly knowledgeVersion: number;
  readonly nowMs: number;
  /** What is known of its files' licences, where a policy asks for them. */
  readonly licenses: KnownLicenses | undefined;
};

export type PypiPolicyResult = {
  readonly digest: string;
  readonly denied: number;
  readonly observed: number;
  /** Of those that are denied or observed. */
  readonly table: RecordTableBuffers;
  readonly allowed: AllowedFilesBuffers;
  readonly changesAtMs: number | undefined;
  /** Whose licences are to be read. */
  readonly unread: Unread | undefined;
};

/** Versions of the longest page: the one member of ours that grows with it. */
const maxMemberBytes = 16 * 1024 * 1024;

export class PypiPolicyFilter implements DocumentReader<PypiPolicyResult> {
  readonly #job: PypiPolicyJob;
  readonly #judge: CachedJudge;
  readonly #members: JsonMembers;
  readonly #out = new PieceWriter();
  readonly #allowed = new AllowedFilesBuilder();
  readonly #spoken = new SpokenBuilder();
  readonly #versions = new Set<string>();
  readonly #licenses: ReleaseLicenses | undefined;
  #pieces: Uint8Array[] = [];
  #isFirst = true;
  #deniedCount = 0;
  #observed = 0;

  constructor(job: PypiPolicyJob, knowledge: Knowledge) {
    this.#job = job;
    this.#licenses = job.licenses === undefined ? undefined : new ReleaseLicenses(job.licenses);
    this.#judge = new CachedJudge(packageRules(job.policies, knowledge), job.nowMs);
    this.#out.write(
      `{"meta":{"api-version":"${apiVersion}"},"name":${JSON.stringify(job.project)},"files":[`,
    );
    this.#members = new JsonMembers(
      'files',
      {
        elements: (entries, spans) => {
          this.#entries(entries as readonly FileJson[], spans);
          this.#take(false);
        },
        member: () => {},
        emptyList: () => {},
      },
      maxMemberBytes,
    );
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#members.push(chunk);
    return this.#given();
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: PypiPolicyResult } {
    this.#members.end();
    const { status } = this.#job;
    const more = status === undefined ? '' : `,"project-status":${JSON.stringify(status)}`;
    this.#out.write(`],"versions":${JSON.stringify([...this.#versions])}${more}}`);
    this.#take(true);
    return {
      pieces: this.#given(),
      result: {
        digest: tagOf(this.#job.scopeKey, this.#out.digest()),
        denied: this.#deniedCount,
        observed: this.#observed,
        table: this.#spoken.build(),
        allowed: this.#allowed.build(),
        changesAtMs: this.#judge.changesAtMs,
        unread: this.#licenses?.unread(),
      },
    };
  }

  /** What stays as it is is passed on as it stands, with the commas between: most of a page. */
  #entries(files: readonly FileJson[], { bytes, starts, ends }: Spans): void {
    let first = -1;
    const passOn = (next: number): void => {
      if (first >= 0) this.#out.writeBytes(bytes.subarray(starts[first], ends[next - 1]));
      first = -1;
    };
    for (const [index, file] of files.entries()) {
      const shown = this.#file(file);
      if (shown === file && first >= 0) continue;
      passOn(index);
      if (shown === undefined) continue;
      if (this.#isFirst) this.#isFirst = false;
      else this.#out.write(',');
      if (shown === file) first = index;
      else this.#out.write(JSON.stringify(shown));
    }
    passOn(files.length);
  }

  /** @returns how it is shown: the same where nothing changes */
  #file(file: FileJson): FileJson | undefined {
    const facts = factsOfFile(file, this.#job, this.#licenses);
    // Ours has no other files.
    if (facts === undefined) return undefined;
    const verdict = this.#judge.judge(facts);
    this.#licenses?.judged(file, facts, verdict);
    const isDenied = verdict.effect === 'deny';
    if (isDenied) this.#deniedCount += 1;
    else if (verdict.reasons.length > 0) this.#observed += 1;
    const isHidden = isDenied && verdict.style === 'hide';
    const spoken = spokenBy(facts, verdict);
    if (spoken !== undefined) this.#spoken.add(spoken);
    if (!isDenied) {
      this.#allowed.add(facts.filename);
      this.#versions.add(facts.version);
    } else if (!isHidden) this.#versions.add(facts.version);
    // Metadata of what cannot be had is not served: a client would resolve with it.
    if (isHidden) return { ...file, yanked: yankedFor(verdict.reasons), 'core-metadata': false };
    return isDenied ? { ...file, 'core-metadata': false } : file;
  }

  #take(isEnd: boolean): void {
    for (const piece of this.#out.take(isEnd)) this.#pieces.push(piece);
  }

  #given(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}

const tagOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('base64url').slice(0, 27);

/** What a client prints beside a yanked file. */
const yankedFor = ([first]: readonly Reason[]): string =>
  first === undefined ? '' : texts.reasons.blocked(first);

/**
 * What a page says about one of its files.
 * @param licenses where a policy asks for them: a page says nothing about them
 */
export function factsOfFile(
  file: Pick<FileJson, 'filename' | 'upload-time' | 'yanked' | 'hashes'>,
  { channelId, project, status, newest }: Pick<PypiPolicyJob, 'channelId' | 'project' | 'status' | 'newest'>,
  licenses?: ReleaseLicenses,
): PackageFacts | undefined {
  const parsed = parseFileNameOf(project, file.filename);
  if (parsed === undefined) return undefined;
  const uploadTime = file['upload-time'];
  const publishedAtMs = uploadTime === undefined ? undefined : Date.parse(uploadTime);
  return {
    ecosystem: 'pypi',
    channelId,
    name: project,
    version: parsed.version,
    filename: file.filename,
    kind: parsed.kind,
    platforms: parsed.kind === 'wheel' ? platformTagsOf(file.filename) : [],
    yanked: file.yanked,
    ...(publishedAtMs === undefined || Number.isNaN(publishedAtMs) ? {} : { publishedAtMs }),
    ...(status === undefined ? {} : { projectStatus: status.status }),
    ...(newest === undefined ? {} : { newest }),
    ...licenses?.of(file, parsed.version),
  };
}

/** `manylinux_2_17_x86_64.manylinux2014_x86_64` is two (PEP 425). */
function platformTagsOf(filename: string): readonly string[] {
  const last = filename.slice(filename.lastIndexOf('-') + 1, -'.whl'.length);
  return last.split('.');
}
