/** What a project's page says about its files, whatever policies say to them. Runs in a worker. */
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { DocumentReader } from '../documents/document-reader.ts';
import { JsonMembers } from '../documents/json-members.ts';
import { ReleaseLicenses } from './licenses/release-licenses.ts';
import type { FileJson } from './page-writer.ts';
import type { PypiPolicyJob } from './policy-filter.ts';
import { factsOfFile } from './policy-filter.ts';

export type PypiFactsJob = Pick<PypiPolicyJob, 'channelId' | 'project' | 'status' | 'newest' | 'licenses'> & {
  readonly type: 'pypi-facts';
};
export type PypiFactsResult = { readonly digest: string; readonly facts: readonly PackageFacts[] };

/** More files than a project has. */
const maxFacts = 20_000;
/** Versions of the longest page: the one member of ours that grows with it. */
const maxMemberBytes = 16 * 1024 * 1024;

export class PypiFactsReader implements DocumentReader<PypiFactsResult> {
  readonly #facts: PackageFacts[] = [];
  readonly #members: JsonMembers;

  constructor(job: PypiFactsJob) {
    const licenses = job.licenses === undefined ? undefined : new ReleaseLicenses(job.licenses);
    this.#members = new JsonMembers(
      'files',
      {
        elements: (entries) => {
          for (const entry of entries) {
            const facts = factsOfFile(entry as FileJson, job, licenses);
            if (facts !== undefined && this.#facts.length < maxFacts) this.#facts.push(facts);
          }
        },
        member: () => {},
        emptyList: () => {},
      },
      maxMemberBytes,
    );
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#members.push(chunk);
    return [];
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: PypiFactsResult } {
    this.#members.end();
    return { pieces: [], result: { digest: '', facts: this.#facts } };
  }
}
