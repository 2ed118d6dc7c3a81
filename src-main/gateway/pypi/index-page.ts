import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Coding } from '../documents/codings.ts';
import type { Documents } from '../documents/documents.ts';
import type { RecordTableBuffers } from '../documents/record-table.ts';
import { RecordTable } from '../documents/record-table.ts';
import type { StoredDocument } from '../documents/stored-document.ts';
import type { KeptFile } from './kept-file.ts';
import { readKept } from './kept-file.ts';
import type { HtmlJob } from './write-html.ts';

type PageFacts = Pick<HtmlJob, 'project' | 'status'> & {
  /** The channel. */
  readonly owner: ChannelId;
  readonly table: RecordTableBuffers | undefined;
};

/** A project's page or the list of projects, in memory. HTML is made from the JSON when somebody asks for it. */
export class IndexPage {
  readonly json: StoredDocument;
  readonly #documents: Documents;
  readonly #owner: ChannelId;
  readonly #what: Omit<HtmlJob, 'type'>;
  readonly #table: RecordTable | undefined;
  readonly #onGrow: () => void;
  #html: StoredDocument | undefined;
  #making: Promise<StoredDocument> | undefined;

  constructor(
    json: StoredDocument,
    { owner, project, status, table }: PageFacts,
    documents: Documents,
    onGrow: () => void,
  ) {
    this.json = json;
    this.#documents = documents;
    this.#owner = owner;
    this.#what = { project, status };
    this.#table = table === undefined ? undefined : new RecordTable(table);
    this.#onGrow = onGrow;
  }

  get weightBytes(): number {
    return this.json.weightBytes + (this.#html?.weightBytes ?? 0) + (this.#table?.weightBytes ?? 0);
  }

  file(filename: string): KeptFile | undefined {
    const text = this.#table?.get(filename);
    return text === undefined ? undefined : readKept(text);
  }

  /** @param coding in which it is made, where it is not there yet */
  html(coding: Coding): StoredDocument | Promise<StoredDocument> {
    if (this.#html !== undefined) return this.#html;
    this.#making ??= this.#documents
      .html(this.#owner, this.json, this.#what, coding, this.#onGrow)
      .then((html) => {
        this.#html = html;
        this.#onGrow();
        return html;
      })
      .finally(() => (this.#making = undefined));
    return this.#making;
  }
}
