import type { Documents } from '../documents/documents.ts';
import type { RecordTableBuffers } from '../documents/record-table.ts';
import { RecordTable } from '../documents/record-table.ts';
import type { StoredDocument } from '../documents/stored-document.ts';
import type { KeptFile } from './kept-file.ts';
import { readKept } from './kept-file.ts';

/** A project's page or the list of projects, in memory. HTML is made from the JSON when somebody asks for it. */
export class IndexPage {
  readonly json: StoredDocument;
  readonly #documents: Documents;
  readonly #table: RecordTable | undefined;
  readonly #onGrow: () => void;
  #html: StoredDocument | undefined;
  #making: Promise<StoredDocument> | undefined;

  constructor(
    json: StoredDocument,
    table: RecordTableBuffers | undefined,
    documents: Documents,
    onGrow: () => void,
  ) {
    this.json = json;
    this.#documents = documents;
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

  html(): StoredDocument | Promise<StoredDocument> {
    if (this.#html !== undefined) return this.#html;
    this.#making ??= this.#documents
      .html(this.json, this.#onGrow)
      .then((html) => {
        this.#html = html;
        this.#onGrow();
        return html;
      })
      .finally(() => (this.#making = undefined));
    return this.#making;
  }
}
