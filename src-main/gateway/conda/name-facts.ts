/** What an index says about all files of one name, whatever policies say to them. Runs in a worker. */
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { DocumentReader } from '../documents/document-reader.ts';
import { JsonRecords } from '../documents/json-records.ts';
import { NameHash } from '../documents/name-hash.ts';
import { knownRevision, namesOf, treatmentOf } from './index-shape.ts';
import { readRecord } from './record-facts.ts';
import type { SightBuffers } from './sight-table.ts';
import { sightOf } from './sight-table.ts';

export type CondaFactsJob = {
  readonly type: 'conda-facts';
  readonly channelId: ChannelId;
  readonly subdir: string;
  readonly name: string;
  readonly sights: SightBuffers;
};
export type CondaFactsResult = {
  readonly digest: string;
  readonly facts: readonly PackageFacts[];
  /** Files that were taken out of the index. */
  readonly removed: readonly string[];
};

/** More builds than any package has. */
const maxFacts = 20_000;

export class CondaFactsReader implements DocumentReader<CondaFactsResult> {
  readonly #records: JsonRecords;
  readonly #facts = new Map<string, PackageFacts>();
  #removed: readonly string[] = [];

  constructor({ channelId, subdir, name: wanted, sights }: CondaFactsJob) {
    const hash = new NameHash(sights.key);
    let extension: string | undefined;
    const prefix = `${wanted}-`;
    this.#records = new JsonRecords({
      treat: treatmentOf,
      open: (path) => (extension = path[0] === knownRevision ? path[1] : undefined),
      close: () => {},
      record: (_path, name, _key, value, commas) => {
        if (name.slice(0, prefix.length).toLowerCase() !== prefix || this.#facts.size >= maxFacts) return;
        const facts = readRecord(name, value, commas, { channelId, subdir, extension })?.facts;
        // Of two the first, as it is served.
        if (facts?.name !== wanted || this.#facts.has(facts.filename)) return;
        const publishedAtMs = facts.publishedAtMs ?? sightOf(sights, hash.of(facts.filename));
        this.#facts.set(facts.filename, {
          ...facts,
          ...(publishedAtMs === undefined ? {} : { publishedAtMs }),
        });
      },
      whole: ([top], value) => {
        if (top === 'removed')
          this.#removed = namesOf(value).filter(
            (file) => file.slice(0, prefix.length).toLowerCase() === prefix,
          );
      },
      skipped: () => {},
    });
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#records.push(chunk);
    return [];
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: CondaFactsResult } {
    this.#records.end();
    return { pieces: [], result: { digest: '', facts: [...this.#facts.values()], removed: this.#removed } };
  }
}
