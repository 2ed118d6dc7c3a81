/**
 * What one set of policies leaves of an index: the states of its rows, and a document that is put together from ranges of
 * the kept bytes while it is sent. Invariant: nothing stands in the document but entries that are listed, and members that
 * are made here.
 */
import { createHash } from 'node:crypto';
import type { Policy } from '../../../shared/model/policy.ts';
import { knownRevision } from '../conda/index-shape.ts';
import { StoredDocument } from '../documents/stored-document.ts';
import type { JudgedRows } from './judge-rows.ts';
import type { ListedContainer, ListedRows } from './row-states.ts';
import { rowState } from './row-states.ts';
import type { Unsatisfiable } from './satisfiable.ts';
import { needsOf } from './satisfy-rows.ts';
import type { StoredRows } from './stored-rows.ts';

type Judged = Extract<JudgedRows, { readonly type: 'judged' }>;

/** Shorter ranges are put together, so that each write is worth it. */
const joinedBytes = 128 * 1024;

export type FormMaking = {
  readonly subdir: string;
  readonly policies: readonly Policy[];
  /** What it is made by: two documents that say the same under different ones are not the same (ETag). */
  readonly scopeKey: string;
  /** Told when another form of the document takes more memory. */
  readonly onGrow: () => void;
};

export class IndexForm {
  readonly rows: StoredRows;
  readonly policies: readonly Policy[];
  readonly states: Uint8Array;
  readonly document: StoredDocument;
  readonly denied: number;
  readonly observed: number;
  /** When time alone changes it. */
  readonly changesAtMs: number | undefined;
  readonly #unsatisfiable: Unsatisfiable | undefined;
  readonly #ownBytes: number;

  constructor(rows: StoredRows, judged: Judged, making: FormMaking) {
    const { listed, states } = judged;
    this.rows = rows;
    this.policies = making.policies;
    this.states = states;
    this.denied = judged.denied;
    this.observed = judged.observed;
    this.changesAtMs = judged.changesAtMs;
    this.#unsatisfiable = judged.unsatisfiable;
    this.#ownBytes =
      states.byteLength + listed.ranges.byteLength + (judged.unsatisfiable?.rows.byteLength ?? 0) * 2;
    const parts = partsOf(rows, listed, making.subdir);
    const digest = createHash('sha256').update(`${making.scopeKey}\0${rows.digest}\0${making.subdir}\0`);
    for (const part of parts) digest.update(typeof part === 'string' ? part : new Uint8Array(0));
    digest.update(new Uint8Array(listed.ranges.buffer));
    this.document = StoredDocument.ofPieces(
      digest.digest('base64url').slice(0, 27),
      sizeOf(parts),
      () => piecesOf(rows, listed, parts),
      making.onGrow,
    );
  }

  /** Of what it has beside the rows. */
  get weightBytes(): number {
    return this.#ownBytes + this.document.weightBytes;
  }

  /** What the row needs, of which policies leave nothing; undefined where no rule asks, or nothing is missing. */
  needsOf(row: number): string | undefined {
    return this.#unsatisfiable === undefined ? undefined : needsOf(this.#unsatisfiable, row);
  }

  /** Whether the row stands in the document; it may yet be refused. */
  isListed(row: number): boolean {
    return this.states[row] !== rowState.hidden;
  }
}

/** Text, or the entries of a container. */
type Part = string | ListedContainer;

function partsOf(rows: StoredRows, { containers }: ListedRows, subdir: string): readonly Part[] {
  const parts: Part[] = [`{"info":${JSON.stringify(infoOf(rows, containers, subdir))}`];
  let hasRevision = false;
  const [flat, inRevision] = [
    containers.filter(({ path }) => path.length === 1),
    containers.filter(({ path }) => path.length === 2),
  ];
  for (const container of flat) parts.push(`,\n${JSON.stringify(container.path[0])}:{`, container, '}');
  for (const container of inRevision) {
    parts.push(
      hasRevision ? ',' : `,\n"${knownRevision}":{`,
      `${JSON.stringify(container.path[1])}:{`,
      container,
      '}',
    );
    hasRevision = true;
  }
  if (hasRevision) parts.push('}');
  if (rows.removed !== undefined) parts.push(`,\n"removed":${JSON.stringify(rows.removed)}`);
  // CEP 15: 2 says that `base_url` counts, which is not there.
  parts.push(',\n"repodata_version":1}\n');
  return parts;
}

/** `info` from what is known of it: what makes a client load from elsewhere is not among that. */
function infoOf(rows: StoredRows, containers: readonly ListedContainer[], subdir: string): object {
  if (!rows.hasRevision) return { subdir };
  const counted = containers.filter(({ path }) => path[0] === knownRevision);
  const n_packages = counted.reduce((sum, container) => sum + container.rows, 0);
  const times = counted.flatMap(({ oldestMs, newestMs }) =>
    oldestMs === undefined || newestMs === undefined ? [] : [oldestMs, newestMs],
  );
  const ends = times.length === 0 ? {} : { oldest: Math.min(...times), newest: Math.max(...times) };
  return { subdir, repodata_revisions: { [knownRevision]: { n_packages, ...ends } } };
}

const sizeOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : part.bytes), 0);

/**
 * The document, in pieces. Those that are put together are whole buffers, and nobody else's: their memory may be given back
 * when they are sent (release-bytes.ts). Views of kept bytes are never whole ones.
 */
function* piecesOf(rows: StoredRows, { ranges }: ListedRows, parts: readonly Part[]): Generator<Uint8Array> {
  let joined = new Uint8Array(joinedBytes);
  let filled = 0;
  function* add(bytes: Uint8Array): Generator<Uint8Array> {
    if (bytes.length > joinedBytes / 2 && filled === 0) {
      const half = bytes.length >> 1;
      yield bytes.subarray(0, half);
      yield bytes.subarray(half);
      return;
    }
    for (let from = 0; from < bytes.length;) {
      const part = bytes.subarray(from, from + joinedBytes - filled);
      joined.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled === joinedBytes) {
        yield joined;
        joined = new Uint8Array(joinedBytes);
        filled = 0;
      }
    }
  }
  const comma = Buffer.from(',');
  for (const part of parts) {
    if (typeof part === 'string') {
      yield* add(Buffer.from(part));
      continue;
    }
    for (let range = part.first; range < part.end; range += 1) {
      if (range > part.first) yield* add(comma);
      for (const view of rows.views(ranges[range * 2] ?? 0, ranges[range * 2 + 1] ?? 0)) yield* add(view);
    }
  }
  if (filled > 0) yield joined.subarray(0, filled);
}
