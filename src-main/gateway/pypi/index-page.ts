import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Coding } from '../documents/codings.ts';
import type { Documents } from '../documents/documents.ts';
import type { RecordTableBuffers } from '../documents/record-table.ts';
import { RecordTable } from '../documents/record-table.ts';
import type { StoredDocument } from '../documents/stored-document.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { PolicyForm } from '../documents/policy-forms.ts';
import { KeptAnswers } from '../documents/kept-answers.ts';
import { PolicyForms } from '../documents/policy-forms.ts';
import type { PolicyScope } from '../types.ts';
import type { ProjectStatus } from './model.ts';
import type { PypiFactsResult } from './page-facts.ts';
import type { PypiPolicyResult } from './policy-filter.ts';
import { factsOfFile } from './policy-filter.ts';
import type { KeptFile } from './kept-file.ts';
import { readKept } from './kept-file.ts';
import type { KnownLicenses } from './licenses/release-licenses.ts';
import type { HtmlJob } from './write-html.ts';

type PageFacts = Pick<HtmlJob, 'project' | 'status'> & {
  /** The channel. */
  readonly owner: ChannelId;
  readonly table: RecordTableBuffers | undefined;
  readonly newest: PackageFacts['newest'];
};

/** What is known of a project's licences, and which of all states that is. */
export type LicensesNow = { readonly known: KnownLicenses; readonly version: number };

/** A project's page or the list of projects, in memory. HTML is made from the JSON when somebody asks for it. */
export class IndexPage {
  readonly json: StoredDocument;
  readonly #documents: Documents;
  readonly #owner: ChannelId;
  readonly #newest: PackageFacts['newest'];
  readonly #forms: PolicyForms<PypiPolicyResult>;
  readonly #facts = new KeptAnswers<PypiFactsResult>(1);
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
    this.#forms = new PolicyForms(documents.forms);
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

  /** Of its releases that are no pre-releases, if there are any. */
  get newestVersion(): string | undefined {
    return this.#newest?.version;
  }

  /** What has become of the project (PEP 792). */
  get status(): ProjectStatus | undefined {
    return this.#what.status;
  }

  /**
   * What policies leave of a project's page.
   * @param coding in which it is made, where it is not there yet
   * @param licenses what is known of its files' licences, where a policy asks for them
   */
  under(
    scope: PolicyScope,
    coding: Coding,
    nowMs: number,
    licenses?: LicensesNow,
  ): PolicyForm<PypiPolicyResult> | Promise<PolicyForm<PypiPolicyResult>> {
    const key = licenses === undefined ? scope.key : `${scope.key} ${licenses.version}`;
    return this.#forms.get(key, nowMs, async (onGrow) => {
      const job = {
        type: 'policy-pypi',
        ...this.#about,
        policies: scope.policies,
        scopeKey: scope.tag,
        knowledgeVersion: this.#documents.threads.knowledgeVersion,
        nowMs,
        licenses: licenses?.known,
      } as const;
      return await this.#documents.underPolicies(this.#owner, this.json, job, coding, onGrow);
    });
  }

  /** The HTML of such a form; goes with it. */
  async htmlUnder(form: PolicyForm<PypiPolicyResult>, coding: Coding): Promise<StoredDocument> {
    form.html ??= this.#documents
      .html(this.#owner, form.document, this.#what, coding, () => {})
      .then((html) => {
        form.htmlBytes = html.weightBytes;
        return html;
      });
    try {
      return await form.html;
    } catch (error) {
      delete form.html;
      throw error;
    }
  }

  /** What it says about its files. */
  async facts(licenses: LicensesNow): Promise<readonly PackageFacts[]> {
    const { facts } = await this.#facts.get(String(licenses.version), async () => {
      const job = { type: 'pypi-facts', ...this.#about, licenses: licenses.known } as const;
      return (await this.#documents.underPolicies(this.#owner, this.json, job, 'identity', () => {})).result;
    });
    return facts;
  }

  /** What is said of a file by its name, and by its project. */
  factsOfName(filename: string): PackageFacts | undefined {
    const facts = factsOfFile({ filename, yanked: false, hashes: {} }, this.#about);
    return facts === undefined ? undefined : { ...facts, kind: 'unlisted' };
  }

  get #about() {
    const { project = '', status } = this.#what;
    return { channelId: this.#owner, project, status, newest: this.#newest };
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
