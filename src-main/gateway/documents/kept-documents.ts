/**
 * What upstreams said about their channels, kept over a restart, so that builds go on while they are away. Invariant: an
 * answer is kept as it came and read again as if it came again, so that nothing is believed of it that would not be
 * believed of the upstream, and policies judge it anew; it is found under the very channel, upstream and credentials that
 * it was fetched with, and by nobody else.
 */
import { Readable } from 'node:stream';
import { codeOf } from '../../package-cache/cache-disk.ts';
import { DamagedDocument } from '../../package-cache/document-file.ts';
import type { DocumentFolder } from '../../package-cache/document-folder.ts';
import type { ServedChannel, UpstreamResponse } from '../types.ts';
import { UpstreamError } from '../types.ts';
import type { Fetched, KeptBeside, Validators, Weighed } from './document-cache.ts';
import type { EntityTags } from './entity-tags.ts';

/** Beside its bytes. `headers` is absent where the upstream said that there is none. */
type Note = {
  readonly v: 1;
  /** By which people take it away; it is found by its key alone. */
  readonly channelId: string;
  readonly validators: Validators;
  readonly headers?: Readonly<Record<string, string>>;
  readonly finalUrl: string;
  readonly endsWithConnection: boolean;
};

export class KeptDocuments {
  readonly #folder: DocumentFolder | undefined;
  readonly #tags: EntityTags;

  /** @param folder undefined: nothing is kept */
  constructor(folder: DocumentFolder | undefined, tags: EntityTags) {
    this.#folder = folder;
    this.#tags = tags;
  }

  /** @param document its path below the channel, or what else tells it from all others */
  of({ id, upstream }: Pick<ServedChannel, 'id' | 'upstream'>, document: string): KeptDocument {
    return new KeptDocument(this.#folder, id, () => this.#tags.keyOf(id, upstream, document));
  }
}

export class KeptDocument {
  readonly #folder: DocumentFolder | undefined;
  readonly #channelId: string;
  readonly #keyOf: () => string;
  #made: string | undefined;

  /** @param keyOf asked once, and only when the disk is: most documents are in memory */
  constructor(folder: DocumentFolder | undefined, channelId: string, keyOf: () => string) {
    this.#folder = folder;
    this.#channelId = channelId;
    this.#keyOf = keyOf;
  }

  get #key(): string {
    return (this.#made ??= this.#keyOf());
  }

  async isThere(): Promise<boolean> {
    return (await this.#note())?.headers !== undefined;
  }

  /** By which the upstream is asked whether it is still the one. */
  async validators(): Promise<Validators> {
    return (await this.#note())?.validators ?? {};
  }

  /**
   * Reads an answer, and keeps it where it is good.
   * @param read must read its body to the end, or throw
   */
  async keeping<T>(
    response: UpstreamResponse,
    validators: Validators,
    read: (response: UpstreamResponse) => Promise<T>,
  ): Promise<T> {
    const writer = await this.#folder?.begin();
    if (writer === undefined) return await read(response);
    const body = Readable.from(
      written(response.body, (chunk) => writer.write(chunk)),
      { objectMode: false },
    );
    body.once('close', () => response.body.destroy());
    try {
      const value = await read({ ...response, body });
      const { headers, finalUrl, endsWithConnection } = response;
      await writer.keep(this.#key, {
        v: 1,
        channelId: this.#channelId,
        validators,
        headers,
        finalUrl,
        endsWithConnection,
      } satisfies Note);
      return value;
    } catch (error) {
      await writer.drop();
      throw error;
    }
  }

  /** The upstream says that it is the one that is kept. */
  confirmed(): void {
    this.#folder?.touch(this.#key);
  }

  /** The upstream says that there is none. */
  async gone(): Promise<void> {
    await this.#folder?.remove(this.#key);
  }

  /** The same, and that is worth to know while it is away: of documents that clients ask for in any case. */
  async missing(): Promise<void> {
    if (this.#folder === undefined) return;
    const known = await this.#note();
    if (known !== undefined && known.headers === undefined) return;
    await this.gone();
    const channelId = this.#channelId;
    const note: Note = { v: 1, channelId, validators: {}, finalUrl: '', endsWithConnection: false };
    await (await this.#folder.begin())?.keep(this.#key, note);
  }

  /** What the cache of documents asks for where it has none in memory. */
  beside<T extends Weighed>(
    read: (response: UpstreamResponse, validators: Validators) => Promise<Fetched<T>>,
  ): KeptBeside<T> | undefined {
    if (this.#folder === undefined) return undefined;
    return { validators: () => this.validators(), read: () => this.#again(read) };
  }

  /** @returns undefined where none is kept that is good */
  async #again<T extends Weighed>(
    read: (response: UpstreamResponse, validators: Validators) => Promise<Fetched<T>>,
  ): Promise<Fetched<T> | undefined> {
    const found = await this.#folder?.open(this.#key);
    const note = noteIn(found?.note);
    if (found === undefined || note === undefined) return undefined;
    if (note.headers === undefined) return { type: 'missing' };
    const body = Readable.from(found.body, { objectMode: false });
    // Who reads it listens too; a reader that ended earlier does not.
    body.on('error', () => undefined);
    const { headers, finalUrl, endsWithConnection, validators } = note;
    try {
      const fetched = await read({ status: 200, headers, body, finalUrl, endsWithConnection }, validators);
      this.confirmed();
      return fetched;
    } catch (error) {
      // Of one that is damaged, or of which we hold less good by now, nothing is used.
      if (error instanceof UpstreamError || error instanceof DamagedDocument || codeOf(error) !== undefined)
        return undefined;
      throw error;
    } finally {
      body.destroy();
    }
  }

  async #note(): Promise<Note | undefined> {
    return noteIn(await this.#folder?.note(this.#key));
  }
}

/** Each chunk is written while the one before is read; a disk that is slow slows the upstream down. */
async function* written(
  body: AsyncIterable<Buffer>,
  write: (chunk: Buffer) => Promise<void>,
): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    const writing = write(chunk);
    yield chunk;
    await writing;
  }
}

/** What another version of ours noted, or a disk changed, is as good as none. */
function noteIn(value: unknown): Note | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, validators, headers, finalUrl, endsWithConnection } = value as Partial<Note>;
  const isUsable =
    v === 1 &&
    areTexts(validators) &&
    (headers === undefined || areTexts(headers)) &&
    typeof finalUrl === 'string' &&
    typeof endsWithConnection === 'boolean';
  return isUsable ? (value as Note) : undefined;
}

const areTexts = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((text) => typeof text === 'string' && isPrintable(text));

/** Validators are sent to the upstream. */
const isPrintable = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
