/** What stands in an index as it is served, for the documents beside it. Runs in a worker, on a document of ours. */
import type { ChannelId } from '../../../../shared/model/ids.ts';
import type { AllowedFilesBuffers } from '../../documents/allowed-files.ts';
import { AllowedFilesBuilder } from '../../documents/allowed-files.ts';
import type { DocumentReader } from '../../documents/document-reader.ts';
import { JsonRecords } from '../../documents/json-records.ts';
import { TooLargeError } from '../../documents/not-an-index.ts';
import { knownRevision, treatmentOf } from '../index-shape.ts';
import { readRecord } from '../record-facts.ts';

export type ListedNamesJob = {
  readonly type: 'conda-listed-names';
  readonly channelId: ChannelId;
  readonly subdir: string;
};
/** Of one name. */
export type ListedName = {
  readonly name: string;
  readonly versions: readonly string[];
  /** Of the newest record, as its builder says. */
  readonly builtAtMs: number;
};
export type ListedNamesResult = {
  readonly digest: string;
  readonly files: AllowedFilesBuffers;
  readonly names: readonly ListedName[];
};

/** Ten times what conda-forge has: they stand in a thread's memory. */
const maxNames = 300_000;
const maxVersions = 1_000_000;

export class ListedNamesReader implements DocumentReader<ListedNamesResult> {
  readonly #records: JsonRecords;
  readonly #files = new AllowedFilesBuilder();
  #versions = 0;
  readonly #names = new Map<string, { readonly versions: Set<string>; builtAtMs: number }>();

  constructor({ channelId, subdir }: ListedNamesJob) {
    let extension: string | undefined;
    this.#records = new JsonRecords({
      treat: treatmentOf,
      open: (path) => (extension = path[0] === knownRevision ? path[1] : undefined),
      close: () => {},
      record: (_path, key, _bytes, value, commas) => {
        const record = readRecord(key, value, commas, { channelId, subdir, extension });
        if (record === undefined) return;
        const { filename, name, version } = record.facts;
        this.#files.add(filename);
        let known = this.#names.get(name);
        if (known === undefined) {
          known = { versions: new Set(), builtAtMs: 0 };
          this.#names.set(name, known);
        }
        this.#versions -= known.versions.size;
        known.versions.add(version);
        this.#versions += known.versions.size;
        if (this.#names.size > maxNames || this.#versions > maxVersions) throw new TooLargeError();
        known.builtAtMs = Math.max(known.builtAtMs, record.builtAtMs ?? 0);
      },
      whole: () => {},
      skipped: () => {},
    });
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#records.push(chunk);
    return [];
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: ListedNamesResult } {
    this.#records.end();
    const names = [...this.#names].map(([name, { versions, builtAtMs }]) => ({
      name,
      versions: [...versions],
      builtAtMs,
    }));
    return { pieces: [], result: { digest: '', files: this.#files.build(), names } };
  }
}
