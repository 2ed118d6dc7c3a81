/**
 * `channeldata.json` (CEP 38) under policies. Runs in a worker, on a document of ours. Invariant: only names that have a
 * file in an index as the same policies leave it, with the newest version that stands there, each written anew from the
 * members that are known; of a version that is hidden nothing is told.
 */
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { compareCondaVersions, parseCondaVersion } from '../../../policy/conda/conda-version.ts';
import { ByteWriter } from '../../documents/byte-writer.ts';
import type { DocumentReader } from '../../documents/document-reader.ts';
import { JsonRecords } from '../../documents/json-records.ts';
import { namesOf, objectIn } from '../index-shape.ts';
import type { ListedName } from './listed-names.ts';
import type { SideResult } from './run-exports.ts';
import { runExportsOf } from './run-exports.ts';

/** What the indexes of some subdirs list. */
export type ListedSubdir = { readonly subdir: string; readonly names: readonly ListedName[] };
export type ChannelDataJob = {
  readonly type: 'conda-channeldata';
  /** Undefined: only which subdirs there are is asked. */
  readonly listed: readonly ListedSubdir[] | undefined;
};
export type ChannelDataResult = SideResult & { readonly subdirs: readonly string[] };

const flags = [
  'activate.d',
  'binary_prefix',
  'deactivate.d',
  'post_link',
  'pre_link',
  'pre_unlink',
  'text_prefix',
] as const;
/** About the project and not about a release. */
const texts = ['dev_url', 'doc_url', 'home', 'license', 'summary'] as const;

type Listed = { readonly subdirs: string[]; readonly versions: Set<string>; builtAtMs: number };

export class ChannelDataFilter implements DocumentReader<ChannelDataResult> {
  readonly #records: JsonRecords;
  readonly #digest: Hash = createHash('sha256');
  readonly #out = new ByteWriter();
  /** Not written yet: of a name in two spellings the first counts, and its versions are compared once. */
  readonly #listed: Map<string, Listed>;
  readonly #servedSubdirs: readonly string[];
  #subdirs: readonly string[] = [];
  #unknown = 0;

  constructor({ listed }: ChannelDataJob) {
    this.#listed = byName(listed ?? []);
    this.#servedSubdirs = (listed ?? []).map(({ subdir }) => subdir);
    let count = 0;
    this.#records = new JsonRecords({
      treat: ([top], ...more) => {
        if (more.length > 0) return 'skip';
        if (top === 'packages') return listed === undefined ? 'skip' : 'records';
        return top === 'subdirs' ? 'whole' : 'skip';
      },
      open: () => this.#out.text('"packages":{'),
      close: () => this.#out.text('},\n'),
      record: (_path, name, _key, value) => {
        const lower = name.toLowerCase();
        const known = this.#listed.get(lower);
        if (known === undefined) return;
        const found = objectIn(value);
        if (found === undefined) {
          this.#unknown += 1;
          return;
        }
        this.#listed.delete(lower);
        const entry = JSON.stringify(entryOf(found, known));
        this.#out.text(`${count > 0 ? ',\n' : ''}${JSON.stringify(name)}:${entry}`);
        count += 1;
      },
      whole: (_path, value) => (this.#subdirs = namesOf(value)),
      skipped: () => {},
    });
    this.#out.text('{');
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#records.push(chunk);
    return this.#flush();
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: ChannelDataResult } {
    this.#records.end();
    this.#out.text(`"subdirs":${JSON.stringify(this.#servedSubdirs)},"channeldata_version":1}\n`);
    const pieces = this.#flush();
    const digest = this.#digest.digest('base64url').slice(0, 27);
    return { pieces, result: { digest, unknown: this.#unknown, subdirs: this.#subdirs } };
  }

  #flush(): Uint8Array[] {
    const pieces = this.#out.take();
    for (const piece of pieces) this.#digest.update(piece);
    return pieces;
  }
}

function byName(listed: readonly ListedSubdir[]): Map<string, Listed> {
  const all = new Map<string, Listed>();
  for (const { subdir, names } of listed)
    for (const { name, versions, builtAtMs } of names) {
      let known = all.get(name);
      if (known === undefined) {
        known = { subdirs: [], versions: new Set(), builtAtMs: 0 };
        all.set(name, known);
      }
      known.subdirs.push(subdir);
      for (const version of versions) known.versions.add(version);
      known.builtAtMs = Math.max(known.builtAtMs, builtAtMs);
    }
  return all;
}

function entryOf(found: Record<string, unknown>, { subdirs, versions, builtAtMs }: Listed): object {
  const entry: Record<string, unknown> = {};
  for (const flag of flags) entry[flag] = found[flag] === true;
  for (const text of texts) if (typeof found[text] === 'string') entry[text] = found[text];
  const exported = Object.entries(objectIn(found['run_exports']) ?? {}).flatMap(([version, some]) => {
    const specs = versions.has(version) ? objectIn(some) : undefined;
    return specs === undefined ? [] : [[version, runExportsOf(specs)] as const];
  });
  return {
    ...entry,
    run_exports: Object.fromEntries(exported),
    subdirs,
    timestamp: Math.trunc(builtAtMs / 1000),
    version: newestOf(versions),
  };
}

/** By conda's order (CEP 33); one that has no place in it comes first. */
function newestOf(versions: ReadonlySet<string>): string {
  let newest = '';
  let parsed: ReturnType<typeof parseCondaVersion>;
  for (const version of versions) {
    const some = parseCondaVersion(version);
    if (newest !== '' && some === undefined) continue;
    if (
      newest !== '' &&
      parsed !== undefined &&
      some !== undefined &&
      compareCondaVersions(some, parsed) <= 0
    )
      continue;
    newest = version;
    parsed = some;
  }
  return newest;
}
