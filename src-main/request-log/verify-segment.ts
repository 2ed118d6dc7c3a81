/**
 * Whether one segment is what its gateway wrote. Invariant: nothing that it says of itself counts before it was computed
 * anew from its bytes; who has no admin's key is told so, and not that the MACs are right.
 */
import { createHash } from 'node:crypto';
import type { RawLine } from './read-segment.ts';
import type { PersonField, SegmentName } from './segment-files.ts';
import { personFields } from './segment-files.ts';
import type { SegmentHead, SegmentLine } from './segment-lines.ts';
import { endClaim, macOf, nextKey, parseLine, sha256 } from './segment-lines.ts';
import { isOfRoot } from './segment-root.ts';
import { isSegmentSignature } from './segment-signature.ts';

/** What is wrong with a segment. `line` counts from 1. */
export type SegmentProblem =
  /** No line of ours: a damaged disk, or somebody's hand. */
  | { readonly what: 'damaged-line'; readonly line: number }
  /** Behind a damaged line, whose MAC is a part of its own: it cannot be checked. */
  | { readonly what: 'unproved-line'; readonly line: number }
  /** The last line ends half-way: its writer was killed. No proof of anything else. */
  | { readonly what: 'torn-line'; readonly line: number }
  /** It is another segment, under this name. */
  | { readonly what: 'another-segment' }
  /** A batch is missing, twice there, or in another place. */
  | { readonly what: 'batch-order'; readonly line: number }
  /** Sealed persons that are not those of the batch. */
  | { readonly what: 'persons-changed'; readonly line: number }
  /** Changed since it was written. */
  | { readonly what: 'mac'; readonly line: number }
  /** What its end says is not what stands before it. */
  | { readonly what: 'root' }
  | { readonly what: 'signature' }
  | { readonly what: 'after-the-end'; readonly line: number }
  | { readonly what: 'mac-keys-changed' }
  | { readonly what: 'person-keys-changed' }
  /** The file of the MACs' key is gone: nobody can check them. */
  | { readonly what: 'mac-keys-missing' };

export type SegmentVerdict = {
  readonly problems: readonly SegmentProblem[];
  /** Computed from its lines. */
  readonly root: string;
  readonly rows: number;
  readonly isClosed: boolean;
  readonly head: SegmentHead | undefined;
  /** `other`: by a key that nobody vouches for. */
  readonly signedBy: 'known' | 'other' | 'nobody';
  readonly macs: 'right' | 'wrong' | 'not-checked';
  /** Whether any of its personal fields can be opened. */
  readonly persons: 'there' | 'erased';
};

export type SegmentParts = {
  readonly lines: AsyncIterable<RawLine>;
  /** Texts of the files of keys; undefined where there are none. */
  readonly macKeys: string | undefined;
  readonly fieldKeys: Readonly<Record<PersonField, string | undefined>>;
  /** The key that the MACs begin with, where an admin opened it. */
  readonly macKey?: Uint8Array | undefined;
  /** x of the gateway's key, from a place that is not the log. */
  readonly gatewayKey?: string | undefined;
};

/** More than a segment of 8 MiB can have. */
const maxBatches = 200_000;
/** Lines that are named as changed; more say nothing more. */
const maxWrong = 100;

/** Reads a segment once, from its first byte to its last. */
export async function verifySegment(name: SegmentName, parts: SegmentParts): Promise<SegmentVerdict> {
  const check = new SegmentCheck(name, parts);
  let line = 0;
  try {
    for await (const raw of parts.lines) {
      line = raw.number;
      check.take(raw);
    }
  } catch {
    // A packed file that does not unpack, or a disk that does not give it.
    check.breakOff(line + 1);
  }
  return check.verdict();
}

class SegmentCheck {
  readonly #name: SegmentName;
  readonly #parts: SegmentParts;
  readonly #problems: SegmentProblem[] = [];
  readonly #root = createHash('sha256');
  #head: SegmentHead | undefined;
  /** Of the line that comes next, by its number. */
  #key: Uint8Array | undefined;
  #keyOf = 0;
  /** Of the line before; undefined where that is damaged. */
  #mac: string | undefined = '';
  #areMacsWrong = false;
  #wrong = 0;
  /** Of the line before; '' for none, undefined behind a damaged one. */
  #sealed: string | undefined = '';
  #batches = 0;
  #rows = 0;
  #isClosed = false;
  #isDamaged = false;
  #signedBy: SegmentVerdict['signedBy'] = 'nobody';

  constructor(name: SegmentName, parts: SegmentParts) {
    this.#name = name;
    this.#parts = parts;
    this.#key = parts.macKey;
  }

  take({ number: line, text, isTorn }: RawLine): void {
    if (isTorn) return void this.#problems.push({ what: 'torn-line', line });
    if (this.#isClosed) return void this.#problems.push({ what: 'after-the-end', line });
    const read = parseLine(text);
    if (read?.type === 'end') return this.#takeEnd(read, line);
    if (isOfRoot(text)) this.#root.update(`${text}\n`);
    if (read === undefined || (read.type === 'head') !== (line === 1)) {
      this.breakOff(line);
      // Whose persons stand before or behind it, nobody knows.
      this.#sealed = undefined;
      this.#mac = undefined;
    } else if (read.type === 'head') this.#takeHead(read.head, text);
    else if (read.type === 'sealed') this.#takeSealed(text, line);
    else this.#takeBatch(read, line);
  }

  breakOff(line: number): void {
    this.#problems.push({ what: 'damaged-line', line });
    this.#isDamaged = true;
  }

  verdict(): SegmentVerdict {
    const { macKeys, fieldKeys, macKey } = this.#parts;
    const head = this.#head;
    const problems = [...this.#problems];
    if (head !== undefined) {
      if (macKeys === undefined) problems.push({ what: 'mac-keys-missing' });
      else if (sha256(macKeys) !== head.macKeys) problems.push({ what: 'mac-keys-changed' });
      const isChanged = (field: PersonField): boolean =>
        fieldKeys[field] !== undefined && sha256(fieldKeys[field]) !== head.fieldKeys[field];
      if (personFields.some(isChanged)) problems.push({ what: 'person-keys-changed' });
    }
    return {
      problems,
      root: this.#root.copy().digest('base64url'),
      rows: this.#rows,
      isClosed: this.#isClosed,
      head,
      signedBy: this.#signedBy,
      macs: macKey === undefined ? 'not-checked' : this.#areMacsWrong ? 'wrong' : 'right',
      persons: personFields.every((field) => fieldKeys[field] === undefined) ? 'erased' : 'there',
    };
  }

  #takeHead(head: SegmentHead, text: string): void {
    const { gateway, run, n } = this.#name;
    if (head.gateway !== gateway || head.run !== run || head.n !== n)
      this.#problems.push({ what: 'another-segment' });
    this.#head = head;
    this.#mac = sha256(`${text}\n`);
  }

  #takeSealed(text: string, line: number): void {
    if (this.#sealed !== '' && this.#sealed !== undefined)
      this.#problems.push({ what: 'persons-changed', line });
    this.#sealed = sha256(text);
  }

  #takeBatch(read: Extract<SegmentLine, { type: 'batch' }>, line: number): void {
    if (read.value.batch !== this.#batches && !this.#isDamaged)
      this.#problems.push({ what: 'batch-order', line });
    this.#batches = read.value.batch + 1;
    this.#rows += read.value.rows.length;
    if (this.#sealed !== undefined && read.sealed !== this.#sealed)
      this.#problems.push({ what: 'persons-changed', line });
    this.#sealed = '';
    this.#checkMac(read, line, read.value.batch);
  }

  #takeEnd(read: Extract<SegmentLine, { type: 'end' }>, line: number): void {
    this.#isClosed = true;
    const { end } = read;
    const root = this.#root.copy().digest('base64url');
    const isSame = end.root === root && end.batches === this.#batches && end.rows === this.#rows;
    // A damaged line is named already.
    if (!isSame && !this.#isDamaged) this.#problems.push({ what: 'root' });
    this.#checkMac(read, line, end.batches);
    const head = this.#head;
    if (head === undefined) return;
    const { gatewayKey } = this.#parts;
    const isSigned = isSegmentSignature(end.sig, gatewayKey ?? head.key, head.gateway, endClaim(head, end));
    if (isSigned) this.#signedBy = gatewayKey === undefined ? 'other' : 'known';
    else this.#problems.push({ what: 'signature' });
  }

  /** @param number of the line among those that have MACs, as it says itself */
  #checkMac(
    { maced, mac }: { readonly maced: string; readonly mac: string },
    line: number,
    number: number,
  ): void {
    if (this.#key === undefined) return;
    const isBehindDamage = this.#mac === undefined;
    if (isBehindDamage) {
      this.#ratchetTo(number);
      this.#problems.push({ what: 'unproved-line', line });
    }
    const isWrong =
      this.#mac === undefined ? number !== this.#keyOf : macOf(this.#key, this.#mac, maced) !== mac;
    if (isWrong) {
      this.#problems.push({ what: 'mac', line });
      this.#areMacsWrong = true;
      this.#wrong += 1;
      // One that was doubled, or moved up: the next one follows from the one before it.
      if (number < this.#keyOf && this.#wrong < maxWrong) return;
    }
    // What stands behind a changed line may be as it was, and is named where it is not.
    this.#ratchetTo(number + 1);
    this.#mac = mac;
    if (this.#wrong >= maxWrong) this.#key = undefined;
  }

  /** To the key of a line; of what is far ahead of any segment, the last. */
  #ratchetTo(number: number): void {
    for (; this.#key !== undefined && this.#keyOf < Math.min(number, maxBatches); this.#keyOf += 1)
      this.#key = nextKey(this.#key);
  }
}
