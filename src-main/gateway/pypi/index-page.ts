import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Coding } from '../documents/codings.ts';
import type { Documents } from '../documents/documents.ts';
import type { RecordTableBuffers } from '../documents/record-table.ts';
import { RecordTable } from '../documents/record-table.ts';
import type { StoredDocument } from '../documents/stored-document.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { PolicyForm } from '../documents/policy-forms.ts';
import { PolicyForms } from '../documents/policy-forms.ts';
import type { PolicyScope } from '../policy-scope.ts';
import type { PypiPolicyResult } from './policy-filter.ts';
import type { KeptFile } from './kept-file.ts';
import { readKept } from './kept-file.ts';
import type { HtmlJob } from './write-html.ts';

type PageFacts = Pick<HtmlJob, 'project' | 'status'> & {
  /** The channel. */
  readonly owner: ChannelId;
  readonly table: RecordTableBuffers | undefined;
  readonly newest: PackageFacts['newest'];
};

/** A project's page or the list of projects, in memory. HTML is made from the JSON when somebody asks for it. */
export class IndexPage {
  readonly json: StoredDocument;
  readonly #documents: Documents;
  readonly #owner: ChannelId;
  readonly #newest: PackageFacts['newest'];
  readonly #forms = new PolicyForms<PypiPolicyResult>();
  readonly #formsHtml = new WeakMap<StoredDocument, Promise<StoredDocument>>();
  readonly #what: Omit<HtmlJob, 'type'>;
  readonly #table: RecordTable | undefined;
  readonly #onGrow: () => void;
  #html: StoredDocument | undefined;
  #making: Promise<StoredDocument> | undefined;

  constructor(
    json: StoredDocument,
    { owner, project, status, table, newest }: PageFacts,
    documents: Documents,
    onGrow: () => void,
  ) {
    this.json = json;
    this.#documents = documents;
    this.#owner = owner;
    this.#newest = newest;
    this.#what = { project, status };
    this.#table = table === undefined ? undefined : new RecordTable(table);
    this.#onGrow = onGrow;
  }

  get weightBytes(): number {
    return this.json.weightBytes + (this.#html?.weightBytes ?? 0) + (this.#table?.weightBytes ?? 0) + this.#forms.weightBytes;
  }

  file(filename: string): KeptFile | undefined {
    const text = this.#table?.get(filename);
    return text === undefined ? undefined : readKept(text);
  }

  /** What policies leave of a project's page. @param coding in which it is made, where it is not there yet */
  under(
    scope: PolicyScope,
    coding: Coding,
    nowMs: number,
  ): PolicyForm<PypiPolicyResult> | Promise<PolicyForm<PypiPolicyResult>> {
    const { project = '', status } = this.#what;
    const job = {
      type: 'policy-pypi',
      channelId: this.#owner,
      project,
      status,
      newest: this.#newest,
      policies: scope.policies,
      nowMs,
    } as const;
    const make = () => this.#documents.underPolicies(this.#owner, this.json, job, coding, this.#onGrow);
    return this.#forms.get(scope.key, nowMs, make, this.#onGrow);
  }

  /** The HTML of such a form; goes with it. */
  async htmlUnder({ document }: PolicyForm<PypiPolicyResult>, coding: Coding): Promise<StoredDocument> {
    let making = this.#formsHtml.get(document);
    if (making === undefined) {
      making = this.#documents.html(this.#owner, document, this.#what, coding, this.#onGrow);
      this.#formsHtml.set(document, making);
      making.catch(() => this.#formsHtml.delete(document));
    }
    return await making;
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
