/**
 * Licences of a channel's files under policies that ask for them. A page lists thousands of files whose licence stands in
 * none of its fields: so the newest releases that everything else allows are read before it is answered, some more after
 * it, and every other file when it is asked for. Invariant: where a policy asks for licences, a file is judged by what it
 * says itself before a byte of it is sent; reading is bounded in number, time and memory, and never done twice.
 */
import type { ChannelId } from '../../../../shared/model/ids.ts';
import type { Coding } from '../../documents/codings.ts';
import type { PolicyForm } from '../../documents/policy-forms.ts';
import type { FairSlots } from '../../fair-slots.ts';
import type { PolicyScope } from '../../types.ts';
import { asksLicenses } from '../../policy-scope.ts';
import type { PackageFacts } from '../../../policy/packages/facts.ts';
import { parseFileNameOf } from '../file-names.ts';
import type { IndexPage } from '../index-page.ts';
import { keyOfKept, nameKeyOf } from '../kept-file.ts';
import type { PypiPolicyResult } from '../policy-filter.ts';
import type { PypiSource } from '../source.ts';
import { UpstreamError } from '../../types.ts';
import type { LicenseBook } from './license-book.ts';
import type { UnreadFile } from './release-licenses.ts';

/** How long a client waits for licences before its page is answered with what is known. */
const waitMs = 10_000;
/** Where the newest releases turn out to be denied, older ones are looked at. */
const maxRounds = 4;
/** A page is made again for what was read later, so not for each file alone. */
const batchFiles = 25;
/** Projects whose further releases are read, now and waiting. */
const maxLater = 100;

type Form = PolicyForm<PypiPolicyResult>;

export class PageLicenses {
  readonly #owner: ChannelId;
  readonly #source: PypiSource;
  readonly #book: () => Promise<LicenseBook>;
  readonly #slots: FairSlots;
  readonly #reading = new Map<string, Promise<string | undefined>>();
  readonly #later = new Set<string>();
  #laterOnes: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(owner: ChannelId, source: PypiSource, book: () => Promise<LicenseBook>, slots: FairSlots) {
    this.#owner = owner;
    this.#source = source;
    this.#book = book;
    this.#slots = slots;
  }

  /** A project's page under policies, after the newest releases were read. */
  async form(
    page: IndexPage,
    project: string,
    scope: PolicyScope,
    coding: Coding,
    nowMs: number,
  ): Promise<Form> {
    if (!asksLicenses(scope)) return await page.under(scope, coding, nowMs);
    const book = await this.#book();
    const patience = new Patience(waitMs);
    try {
      for (let round = 1; ; round += 1) {
        // oxlint-disable-next-line no-await-in-loop
        const form = await page.under(scope, coding, nowMs, licensesOf(book, project));
        const { now = [], later = [] } = form.result.unread ?? {};
        const unread = now.filter(({ key }) => !book.hasFailed(project, key));
        if (unread.length === 0 || round === maxRounds || patience.isOver) {
          this.#readLater(page, project, [...now, ...later], book);
          return form;
        }
        const all = Promise.all(unread.map((file) => this.#keep(page, project, file, book)));
        // What comes after the time is over fails for nobody.
        all.catch(() => undefined);
        // oxlint-disable-next-line no-await-in-loop
        await Promise.race([all, patience.over]);
      }
    } finally {
      patience.end();
    }
  }

  /**
   * The same for one file's sake: its own licence is read, and nothing else.
   * @throws UpstreamError where it cannot be read now
   */
  async formFor(
    page: IndexPage,
    project: string,
    filename: string,
    scope: PolicyScope,
    coding: Coding,
    nowMs: number,
  ): Promise<Form> {
    if (!asksLicenses(scope)) return await page.under(scope, coding, nowMs);
    const book = await this.#book();
    const file = page.file(filename);
    const version = parseFileNameOf(project, filename)?.version;
    if (file !== undefined && version !== undefined) {
      const known = keyOfKept(file);
      const key = known ?? nameKeyOf(filename);
      const text = book.has(project, key)
        ? undefined
        : await this.#read(page, project, { filename, version, key });
      if (text !== undefined) book.put(project, key, { version, text }, known !== undefined);
    }
    return await page.under(scope, coding, nowMs, licensesOf(book, project));
  }

  /**
   * What its files say, as far as it is known.
   * @param release of which it is wanted, if nobody knows it yet
   */
  async facts(page: IndexPage, project: string, release?: string): Promise<readonly PackageFacts[]> {
    const book = await this.#book();
    const facts = await page.facts(licensesOf(book, project));
    const unread = facts.filter((file) => file.version === release && file.isLicenseUnread === true);
    const best = unread.find(({ kind }) => kind === 'wheel') ?? unread[0];
    if (best === undefined) return facts;
    const { filename, version } = best;
    const file = page.file(filename);
    const key = (file === undefined ? undefined : keyOfKept(file)) ?? nameKeyOf(filename);
    await this.#keep(page, project, { filename, version, key }, book);
    return await page.facts(licensesOf(book, project));
  }

  close(): void {
    this.#isClosed = true;
  }

  async #keep(page: IndexPage, project: string, file: UnreadFile, book: LicenseBook): Promise<void> {
    const text = await this.#tried(page, project, file, book);
    if (text !== undefined) put(book, project, file, text);
  }

  async #tried(
    page: IndexPage,
    project: string,
    file: UnreadFile,
    book: LicenseBook,
  ): Promise<string | undefined> {
    if (this.#isClosed || book.has(project, file.key)) return undefined;
    try {
      return await this.#read(page, project, file);
    } catch (error) {
      book.failed(project, file.key);
      // It stays unread; the channel's health says it.
      if (error instanceof UpstreamError || this.#isClosed) return undefined;
      throw error;
    }
  }

  /** Once, however many wait for it. */
  #read(page: IndexPage, project: string, { filename, key }: UnreadFile): Promise<string | undefined> {
    const name = `${project} ${key}`;
    let reading = this.#reading.get(name);
    if (reading === undefined) {
      reading = this.#readNow(page, project, filename).finally(() => this.#reading.delete(name));
      this.#reading.set(name, reading);
    }
    return reading;
  }

  async #readNow(page: IndexPage, project: string, filename: string): Promise<string | undefined> {
    const file = page.file(filename);
    if (file === undefined) return undefined;
    const giveBack = await this.#slots.take(this.#owner);
    try {
      return await this.#source.license(project, filename, file);
    } finally {
      giveBack();
    }
  }

  /** One project after the other; what does not fit is asked for with the next page. */
  #readLater(page: IndexPage, project: string, files: readonly UnreadFile[], book: LicenseBook): void {
    const unread = files.filter(({ key }) => !book.has(project, key) && !book.hasFailed(project, key));
    if (unread.length === 0 || this.#later.has(project) || this.#later.size >= maxLater) return;
    this.#later.add(project);
    this.#laterOnes = this.#laterOnes
      .then(() => this.#readBatches(page, project, unread, book))
      .catch(() => undefined)
      .finally(() => this.#later.delete(project));
  }

  async #readBatches(
    page: IndexPage,
    project: string,
    files: readonly UnreadFile[],
    book: LicenseBook,
  ): Promise<void> {
    for (let at = 0; at < files.length && !this.#isClosed; at += batchFiles) {
      const batch = files.slice(at, at + batchFiles);
      // oxlint-disable-next-line no-await-in-loop
      const texts = await Promise.all(batch.map((file) => this.#tried(page, project, file, book)));
      for (const [index, file] of batch.entries()) {
        const text = texts[index];
        if (text !== undefined) put(book, project, file, text);
      }
    }
  }
}

const put = (
  book: LicenseBook,
  project: string,
  { key, version, filename }: UnreadFile,
  text: string,
): void => book.put(project, key, { version, text }, key !== nameKeyOf(filename));

const licensesOf = (book: LicenseBook, project: string) => ({
  known: book.of(project),
  version: book.version(project),
});

/** A time that is over at some point, also while something else is waited for. */
class Patience {
  isOver = false;
  readonly over: Promise<void>;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.over = new Promise((resolve) => {
      this.#timer = setTimeout(() => {
        this.isOver = true;
        resolve();
      }, ms);
    });
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
