/**
 * Makes of an index of a channel what policies leave of it. Runs in a worker, on a document of ours (links are out of it
 * already). Invariant: only records that were judged and allowed are copied, as the bytes that they are; what is not known
 * here (containers of a later revision, members of `info`) is left out and counted, never passed through.
 */
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { Reason } from '../../../shared/model/decision.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { CachedJudge } from '../../policy/packages/cached-judge.ts';
import type { Knowledge } from '../../policy/packages/facts.ts';
import { packageRules } from '../../policy/packages/judge.ts';
import type { AllowedFilesBuffers } from '../documents/allowed-files.ts';
import { AllowedFilesBuilder } from '../documents/allowed-files.ts';
import type { DocumentReader } from '../documents/document-reader.ts';
import type { Treatment } from '../documents/json-records.ts';
import { JsonRecords } from '../documents/json-records.ts';
import type { RecordPlace } from './record-facts.ts';
import { factsOfFilename, readRecord } from './record-facts.ts';

export type CondaPolicyJob = {
  readonly type: 'policy-conda';
  readonly channelId: ChannelId;
  readonly subdir: string;
  readonly policies: readonly Policy[];
  readonly nowMs: number;
  /** Only this file is judged, and nothing is written; where it stands in no index, by its name. */
  readonly only?: string;
  /** When files came for the first time, of those of which the index has no time of its own. */
  readonly firstSeenMs?: Readonly<Record<string, number>>;
};

/** A package that is not served, and why. */
export type DeniedPackage = {
  readonly filename: string;
  readonly name: string;
  readonly version: string;
  readonly isHidden: boolean;
  readonly reasons: readonly Reason[];
};

export type CondaPolicyResult = {
  readonly digest: string;
  readonly denied: number;
  /** Denied by policies that observe only. */
  readonly observed: number;
  /** Records and containers that were left out because nobody knows what they are. */
  readonly unknown: number;
  /** The first of them. */
  readonly deniedPackages: readonly DeniedPackage[];
  readonly allowed: AllowedFilesBuffers;
  readonly changesAtMs: number | undefined;
};

/** Enough to look at; the rest is counted. */
const maxListed = 1000;

/** What clients know at the top beside the records; the rest is left out. */
const knownTop = new Set(['repodata_version', 'removed']);
const knownRevision = 'v3';

export class CondaPolicyFilter implements DocumentReader<CondaPolicyResult> {
  readonly #job: CondaPolicyJob;
  readonly #judge: CachedJudge;
  readonly #records: JsonRecords;
  readonly #hash: Hash = createHash('sha256');
  readonly #allowed = new AllowedFilesBuilder();
  readonly #denied: DeniedPackage[] = [];
  #out: (Buffer | string)[] = [];
  /** How many members stand in the object that is open, by depth. */
  readonly #members: number[] = [];
  #deniedCount = 0;
  #observed = 0;
  #unknown = 0;
  #info: Record<string, unknown> | undefined;
  readonly #revision = { count: 0, oldest: undefined as number | undefined, newest: undefined as number | undefined };
  #place: RecordPlace;
  /** The one file was found. */
  #hasOnly = false;

  constructor(job: CondaPolicyJob, knowledge: Knowledge) {
    this.#job = job;
    this.#place = { channelId: job.channelId, subdir: job.subdir, extension: undefined };
    this.#judge = new CachedJudge(packageRules(job.policies, knowledge), job.nowMs);
    this.#records = new JsonRecords({
      treat: (path) => treat(path),
      open: (path) => {
        this.#member(path.at(-1) ?? '', '{');
        this.#members.push(0);
        const extension = path[0] === knownRevision && path.length === 2 ? path[1] : undefined;
        this.#place = { channelId: job.channelId, subdir: job.subdir, extension };
      },
      close: () => {
        this.#members.pop();
        this.#out.push('}\n');
      },
      record: (path, name, key, value, commas) => this.#record(path, name, key, value, commas),
      whole: (path, _key, value) => this.#whole(path, value),
    });
    this.#out.push('{');
    this.#members.push(0);
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#records.push(chunk);
    return this.#flush();
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: CondaPolicyResult } {
    this.#records.end();
    if (this.#job.only !== undefined && !this.#hasOnly) this.#judgeUnlisted(this.#job.only);
    this.#member('info', JSON.stringify(this.#ownInfo()));
    this.#out.push('}\n');
    const pieces = this.#flush();
    return {
      pieces,
      result: {
        digest: this.#hash.digest('base64url').slice(0, 27),
        denied: this.#deniedCount,
        observed: this.#observed,
        unknown: this.#unknown,
        deniedPackages: this.#denied,
        allowed: this.#allowed.build(),
        changesAtMs: this.#judge.changesAtMs,
      },
    };
  }

  #record(path: readonly string[], name: string, key: Buffer, value: Buffer, commas: number): void {
    const { only } = this.#job;
    if (only !== undefined && only !== this.#filenameOf(name)) return;
    const facts = readRecord(name, value, commas, this.#place);
    if (facts === undefined) {
      this.#unknown += 1;
      return;
    }
    const publishedAtMs = facts.publishedAtMs ?? this.#job.firstSeenMs?.[facts.filename];
    this.#hasOnly ||= only !== undefined;
    const verdict = this.#judge.judge(publishedAtMs === undefined ? facts : { ...facts, publishedAtMs });
    if (verdict.reasons.length > 0) {
      const isDenied = verdict.effect === 'deny';
      if (isDenied) this.#deniedCount += 1;
      else this.#observed += 1;
      const isHidden = isDenied && verdict.style === 'hide';
      if (this.#denied.length < maxListed) {
        const { filename, version, name: project } = facts;
        this.#denied.push({ filename, name: project, version, isHidden, reasons: verdict.reasons });
      }
      if (isHidden) return;
      if (!isDenied) this.#allowed.add(facts.filename);
    } else this.#allowed.add(facts.filename);
    if (only !== undefined) return;
    const count = this.#members.at(-1) ?? 0;
    this.#members[this.#members.length - 1] = count + 1;
    if (count > 0) this.#out.push(',\n');
    // A copy: it is a view of a chunk that is given back.
    this.#out.push(key, ':', Buffer.from(value));
    if (path[0] === knownRevision) this.#countRevision(facts.publishedAtMs);
  }

  #filenameOf(key: string): string {
    const { extension } = this.#place;
    return extension === undefined ? key : `${key}.${extension}`;
  }

  /** By its name; rules that want to know more deny it. */
  #judgeUnlisted(filename: string): void {
    const { channelId, subdir, policies } = this.#job;
    const facts = factsOfFilename(filename, { channelId, subdir });
    const reasons: Reason[] = facts === undefined ? [] : [...this.#judge.judge(facts).reasons];
    for (const policy of policies) {
      for (const [ruleNo, { type }] of policy.rules.entries()) {
        if (!needsIndex.has(type)) continue;
        const { id: policyId, name: policyName, mode } = policy;
        reasons.push({ policyId, policyName, ruleNo, mode, rule: 'package.unlisted', evidence: {} });
      }
    }
    if (reasons.length === 0) {
      this.#allowed.add(filename);
      return;
    }
    const [name, version] = [facts?.name ?? filename, facts?.version ?? ''];
    this.#denied.push({ filename, name, version, isHidden: false, reasons: denyingFirst(reasons) });
  }

  #whole(path: readonly string[], value: Buffer): void {
    const [top = ''] = path;
    if (path.length === 1 && top === 'info') {
      this.#info = objectOf(value);
    } else if (path.length === 1 && knownTop.has(top)) {
      const parsed = parse(value);
      if (parsed === undefined) this.#unknown += 1;
      // CEP 15: 2 says that `base_url` counts, which is not there.
      else this.#member(top, top === 'repodata_version' ? '1' : JSON.stringify(parsed));
    } else this.#unknown += 1;
  }

  /** `info` from what is known of it: what makes a client load from elsewhere is not among that. */
  #ownInfo(): object {
    const { subdir, repodata_revisions: revisions } = this.#info ?? {};
    const known = objectOr(revisions)[knownRevision];
    const { count: n_packages, oldest, newest } = this.#revision;
    return {
      subdir: typeof subdir === 'string' ? subdir : this.#job.subdir,
      ...(known === undefined
        ? {}
        : {
            repodata_revisions: {
              [knownRevision]: {
                n_packages,
                ...(oldest === undefined ? {} : { oldest }),
                ...(newest === undefined ? {} : { newest }),
              },
            },
          }),
    };
  }

  #countRevision(atMs: number | undefined): void {
    this.#revision.count += 1;
    if (atMs === undefined) return;
    const { oldest, newest } = this.#revision;
    this.#revision.oldest = Math.min(oldest ?? atMs, atMs);
    this.#revision.newest = Math.max(newest ?? atMs, atMs);
  }

  #member(name: string, text: string): void {
    const depth = this.#members.length - 1;
    const count = this.#members[depth] ?? 0;
    this.#members[depth] = count + 1;
    this.#out.push(`${count > 0 ? ',' : ''}${JSON.stringify(name)}:${text}`);
  }

  #flush(): Uint8Array[] {
    if (this.#out.length === 0) return [];
    const joined = Buffer.concat(this.#out.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
    this.#out = [];
    this.#hash.update(joined);
    // One that owns its memory: it is handed over.
    return [new Uint8Array(joined)];
  }
}

/** Rules about what only an index says. */
const needsIndex: ReadonlySet<PolicyRule['type']> = new Set(['licenses', 'age', 'status']);

const denyingFirst = (reasons: readonly Reason[]): readonly Reason[] => [
  ...reasons.filter(({ mode }) => mode !== 'observe'),
  ...reasons.filter(({ mode }) => mode === 'observe'),
];

function treat(path: readonly string[]): Treatment {
  const [top = '', second] = path;
  if (path.length === 1) {
    if (top === 'packages' || top === 'packages.conda') return 'records';
    return top === knownRevision ? 'enter' : 'whole';
  }
  return path.length === 2 && top === knownRevision && (second === 'conda' || second === 'tar.bz2')
    ? 'records'
    : 'whole';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
function parse(value: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(value));
  } catch {
    return undefined;
  }
}
const objectOr = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const objectOf = (value: Buffer): Record<string, unknown> => objectOr(parse(value));
