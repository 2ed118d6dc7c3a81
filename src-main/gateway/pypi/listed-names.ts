/** Names of a list of projects that have a text in them. Runs in a worker, on a list of ours. */
import type { DocumentReader } from '../documents/document-reader.ts';
import { JsonMembers } from '../documents/json-members.ts';
import { bestNames } from '../names-like.ts';

export type ProjectNamesJob = {
  readonly type: 'pypi-names';
  readonly wanted: string;
  readonly limit: number;
};
export type ProjectNamesResult = { readonly digest: string; readonly names: readonly string[] };

export class ProjectNamesReader implements DocumentReader<ProjectNamesResult> {
  readonly #job: ProjectNamesJob;
  readonly #members: JsonMembers;
  /** As many as a list may have (read-list.ts). */
  readonly #found: string[] = [];

  constructor(job: ProjectNamesJob) {
    this.#job = job;
    this.#members = new JsonMembers('projects', {
      elements: (entries) => {
        for (const entry of entries) {
          const { name } = entry as { readonly name: string };
          if (name.includes(job.wanted)) this.#found.push(name);
        }
      },
      member: () => {},
      emptyList: () => {},
    });
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#members.push(chunk);
    return [];
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: ProjectNamesResult } {
    this.#members.end();
    const { wanted, limit } = this.#job;
    return { pieces: [], result: { digest: '', names: bestNames(this.#found, wanted, limit) } };
  }
}
