/**
 * `run_exports.json` (CEP 12) under policies. Runs in a worker, on a document of ours. Invariant: only files that stand in
 * the index as the same policies leave it, each written anew from the members that are known.
 */
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { AllowedFilesBuffers } from '../../documents/allowed-files.ts';
import { AllowedFiles } from '../../documents/allowed-files.ts';
import { ByteWriter } from '../../documents/byte-writer.ts';
import type { DocumentReader } from '../../documents/document-reader.ts';
import { JsonRecords } from '../../documents/json-records.ts';
import { objectIn } from '../index-shape.ts';

export type RunExportsJob = {
  readonly type: 'conda-run-exports';
  readonly subdir: string;
  readonly files: AllowedFilesBuffers;
};
export type SideResult = {
  readonly digest: string;
  /** Entries that were left out because they are none. */
  readonly unknown: number;
};

const kinds = ['weak', 'strong', 'noarch', 'weak_constrains', 'strong_constrains'] as const;

export class RunExportsFilter implements DocumentReader<SideResult> {
  readonly #records: JsonRecords;
  readonly #digest: Hash = createHash('sha256');
  readonly #out = new ByteWriter();
  readonly #subdir: string;
  #unknown = 0;

  constructor({ files: buffers, subdir }: RunExportsJob) {
    this.#subdir = subdir;
    const files = new AllowedFiles(buffers);
    let count = 0;
    this.#records = new JsonRecords({
      treat: (path) =>
        path.length === 1 && (path[0] === 'packages' || path[0] === 'packages.conda') ? 'records' : 'skip',
      open: (path) => {
        this.#out.text(`${JSON.stringify(path[0])}:{`);
        count = 0;
      },
      close: () => this.#out.text('},\n'),
      record: (_path, filename, _key, value) => {
        if (!files.has(filename)) return;
        const found = objectIn(objectIn(value)?.['run_exports']);
        if (found === undefined) {
          this.#unknown += 1;
          return;
        }
        const entry = { run_exports: runExportsOf(found) };
        this.#out.text(`${count > 0 ? ',\n' : ''}${JSON.stringify(filename)}:${JSON.stringify(entry)}`);
        count += 1;
      },
      whole: () => {},
      skipped: () => {},
    });
    this.#out.text('{');
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#records.push(chunk);
    return this.#flush();
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: SideResult } {
    this.#records.end();
    this.#out.text(`"info":${JSON.stringify({ subdir: this.#subdir, version: 0 })}}\n`);
    const pieces = this.#flush();
    const digest = this.#digest.digest('base64url').slice(0, 27);
    return { pieces, result: { digest, unknown: this.#unknown } };
  }

  #flush(): Uint8Array[] {
    const pieces = this.#out.take();
    for (const piece of pieces) this.#digest.update(piece);
    return pieces;
  }
}

/** The lists of specs that are known. */
export function runExportsOf(found: Record<string, unknown>): Record<string, readonly string[]> {
  const exported: Record<string, readonly string[]> = {};
  for (const kind of kinds) {
    const specs = found[kind];
    if (Array.isArray(specs)) exported[kind] = specs.filter((spec) => typeof spec === 'string');
  }
  return exported;
}
