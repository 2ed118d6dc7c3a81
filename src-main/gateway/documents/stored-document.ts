/**
 * A document in memory, in the codings that were asked for. Invariant: each is made once, however many wait for it, and
 * is one gzip member or zstd frame; it never changes, so its ETag is its content's.
 */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { releaseBytes } from '../release-bytes.ts';
import type { Coding } from './codings.ts';
import { decoderOf, encoderOf } from './codings.ts';

export type Form = { readonly pieces: readonly Uint8Array[]; readonly bytes: number };

/** Shorter ones are not worth a coding: they fit into one packet. */
const minEncodedBytes = 1024;
/** Longer ones are kept in the first coding that was asked for alone, and unpacked for those who want another. */
const maxPlainKeptBytes = 256 * 1024;
/** One array is sent in one write with its head. */
const maxJoinedBytes = 256 * 1024;

export class StoredDocument {
  /** Hash of the plain form. */
  readonly digest: string;
  readonly plainBytes: number;
  readonly #forms = new Map<Coding, Form>();
  readonly #making = new Map<Coding, Promise<Form>>();
  readonly #onGrow: () => void;
  /** Makes the plain form anew. */
  #pieces: (() => Iterable<Uint8Array>) | undefined;

  /** @param onGrow told when it takes more memory than before */
  constructor(
    digest: string,
    forms: readonly (readonly [Coding, Form])[],
    plainBytes: number,
    onGrow = () => {},
  ) {
    this.digest = digest;
    this.plainBytes = plainBytes;
    this.#onGrow = onGrow;
    for (const [coding, form] of forms) this.#forms.set(coding, form);
    this.#thin();
  }

  /**
   * One whose plain form is put together from something that is kept elsewhere, whenever it is asked for.
   * @param plainBytes exactly
   */
  static ofPieces(
    digest: string,
    plainBytes: number,
    pieces: () => Iterable<Uint8Array>,
    onGrow?: () => void,
  ): StoredDocument {
    const document = new StoredDocument(digest, [], plainBytes, onGrow);
    document.#pieces = pieces;
    return document;
  }

  get weightBytes(): number {
    let sum = 0;
    for (const { bytes } of this.#forms.values()) sum += bytes;
    return sum;
  }

  /** The coding in which it is sent to somebody who wants this one. */
  codingFor(wanted: Coding): Coding {
    return this.plainBytes < minEncodedBytes ? 'identity' : wanted;
  }

  has(coding: Coding): boolean {
    return this.#forms.has(coding);
  }

  /** Whether what `unpacked` gives is made for who reads it, and nobody else's. */
  get isPacked(): boolean {
    return this.#pieces !== undefined || !this.#forms.has('identity');
  }

  /** The plain form, unpacked while it is read and never as a whole in memory. */
  unpacked(): Readable {
    if (this.#pieces !== undefined) return Readable.from(this.#pieces());
    const [[from, form] = []] = this.#forms;
    if (form === undefined) throw new Error('A document has at least one form.');
    return recoded(form.pieces, from, 'identity');
  }

  /** At once where it is there. */
  form(coding: Coding): Form | Promise<Form> {
    const known = this.#forms.get(coding);
    if (known !== undefined) return known;
    let making = this.#making.get(coding);
    if (making === undefined) {
      making = this.#make(coding).finally(() => this.#making.delete(coding));
      this.#making.set(coding, making);
    }
    return making;
  }

  async #make(coding: Coding): Promise<Form> {
    const plain = this.#pieces?.() ?? this.#forms.get('identity')?.pieces;
    const [from, pieces] =
      plain === undefined ? otherOf([...this.#forms][0]) : (['identity', plain] as const);
    if (pieces === undefined) throw new Error('A document has at least one form.');
    const collected = new FormCollector();
    if (this.#pieces !== undefined && coding !== 'identity') await pack(pieces, coding, collected);
    else for await (const piece of recoded(pieces, from, coding)) collected.add(piece);
    const form = collected.form();
    // What is unpacked for one client is not kept: the next one of its kind is rare.
    if (coding !== 'identity' || form.bytes <= maxPlainKeptBytes) {
      this.#forms.set(coding, form);
      this.#thin();
      this.#onGrow();
    }
    return form;
  }

  #thin(): void {
    if (this.plainBytes > maxPlainKeptBytes && this.#forms.size > 1) this.#forms.delete('identity');
  }
}

const otherOf = (known: readonly [Coding, Form] | undefined) => [known?.[0], known?.[1].pieces] as const;

/** Off the event loop: what packs and unpacks runs on Node's own threads. */
function recoded(pieces: Iterable<Uint8Array>, from: Coding | undefined, to: Coding): Readable {
  let stream: Readable = Readable.from(pieces);
  // Its error is the last stream's, and so the reader's.
  const ended = () => undefined;
  const decoder = decoderOf(from);
  if (decoder !== undefined) stream = pipeline(stream, decoder, ended);
  return to === 'identity' ? stream : pipeline(stream, encoderOf(to), ended);
}

/** Pieces that are made for this alone: their memory is given back as soon as they are packed. */
async function pack(
  pieces: Iterable<Uint8Array>,
  coding: Exclude<Coding, 'identity'>,
  collected: FormCollector,
): Promise<void> {
  const encoder = encoderOf(coding);
  encoder.on('data', (piece: Uint8Array) => collected.add(piece));
  const ended = once(encoder, 'end');
  // It is waited for below; what goes wrong before is thrown there.
  ended.catch(() => undefined);
  for (const piece of pieces) {
    // oxlint-disable-next-line no-await-in-loop
    if (!encoder.write(piece, () => releaseBytes(piece))) await once(encoder, 'drain');
  }
  encoder.end();
  await ended;
}

/** Puts a form together from what comes. */
export class FormCollector {
  readonly #pieces: Uint8Array[] = [];
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxBytes;
  }

  /** Whether there was more than there is room for; it is not kept. */
  get isOver(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  add(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.isOver) this.#pieces.length = 0;
    else this.#pieces.push(piece);
  }

  form(): Form {
    const pieces = this.#bytes > maxJoinedBytes ? this.#pieces : [Buffer.concat(this.#pieces)];
    return { pieces, bytes: this.#bytes };
  }
}

/** A plain form of these pieces. */
export function formOf(pieces: readonly Uint8Array[]): Form {
  const collected = new FormCollector();
  for (const piece of pieces) collected.add(piece);
  return collected.form();
}
