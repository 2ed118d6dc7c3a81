/**
 * Reads one project's page of an upstream, in whichever form it comes, and writes ours while it is read. Runs in a
 * worker. Invariant: what comes out was rendered from the model; a page that is none, or that has links of which none
 * may be followed, is refused and never shown as an empty project.
 */
import type { DropCause } from '../../../shared/model/channel-health.ts';
import type { DocumentReader } from '../documents/document-reader.ts';
import type { NewSights } from '../conda/sight-table.ts';
import { JsonMembers } from '../documents/json-members.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import { NotAnIndexError } from '../documents/not-an-index.ts';
import type { RecordTableBuffers } from '../documents/record-table.ts';
import { RecordTableBuilder } from '../documents/record-table.ts';
import { readAnchor, statusOf, statusOfMeta } from './anchor-file.ts';
import { DropCounts } from './drop-cause.ts';
import type { PageClock } from './file-times.ts';
import { FileTimes } from './file-times.ts';
import { readFileEntry } from './file-entry.ts';
import { normalizeProjectName } from './file-names.ts';
import { HtmlAnchors } from './html-anchors.ts';
import { LinkReader, parseUrl } from './link.ts';
import { strongestHash } from './hashes.ts';
import { writeKept } from './kept-file.ts';
import type { ProjectFile, ProjectStatus } from './model.ts';
import { NewestRelease } from './newest-release.ts';
import { PageWriter } from './page-writer.ts';

export type PageJob = {
  readonly type: 'pypi-page';
  /** Normalised. */
  readonly project: string;
  /** Where the page came from, after redirects. */
  readonly pageUrl: string;
  /** What of the local network the channel may reach. */
  readonly privateHosts: readonly string[];
  readonly isJson: boolean;
  readonly clock?: PageClock;
};

export type PageResult = {
  readonly digest: string;
  readonly status: ProjectStatus | undefined;
  readonly newest: PackageFacts['newest'];
  /** KeptFile by file name. */
  readonly table: RecordTableBuffers;
  readonly dropped: Partial<Record<DropCause, number>>;
  /** Every link was dropped: there is no page. */
  readonly isAllDropped: boolean;
  /** What was given before does not count: the pieces at the end are all. */
  readonly replaces: boolean;
  /** Of files that the upstream gives no time and that were not seen before; undefined where it gives all of them one. */
  readonly sights?: NewSights | undefined;
};

type Form = {
  push(chunk: Buffer): void;
  /** Checks that it is an index. */
  end(): ProjectStatus | undefined;
};

export class PageReader implements DocumentReader<PageResult> {
  readonly #project: string;
  readonly #form: Form;
  readonly #dropped = new DropCounts();
  readonly #table = new RecordTableBuilder();
  readonly #newest = new NewestRelease();
  readonly #times: FileTimes | undefined;
  #writer: PageWriter;

  constructor({ project, pageUrl, isJson, privateHosts, clock }: PageJob) {
    this.#times = clock === undefined ? undefined : new FileTimes(project, clock);
    this.#project = project;
    this.#writer = new PageWriter(project);
    const take = (file: ProjectFile | DropCause | undefined) => this.#take(file);
    const page = new URL(pageUrl);
    const linksFrom = (base: URL): LinkReader => new LinkReader(page, base, privateHosts);
    this.#form = isJson
      ? jsonForm(project, linksFrom(page), take)
      : htmlForm(project, page, linksFrom, take, () => this.#table.size + this.#dropped.total > 0);
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#form.push(chunk);
    return this.#writer.take();
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: PageResult } {
    const status = this.#form.end();
    // A quarantined project offers no files (PEP 792).
    const isQuarantined = status?.status === 'quarantined';
    if (isQuarantined) this.#writer = new PageWriter(this.#project);
    const { pieces, digest } = this.#writer.end(status);
    return {
      pieces,
      result: {
        digest,
        status,
        newest: this.#newest.get(),
        table: (isQuarantined ? new RecordTableBuilder() : this.#table).build(),
        dropped: this.#dropped.toJSON(),
        isAllDropped: this.#table.size === 0 && this.#dropped.total > 0,
        replaces: isQuarantined,
        sights: this.#times?.sights,
      },
    };
  }

  #take(found: ProjectFile | DropCause | undefined): void {
    if (found === undefined) return;
    if (typeof found === 'string') return this.#dropped.add(found);
    const file = this.#times?.withTime(found) ?? found;
    const { location, coreMetadata, sizeBytes, hashes } = file;
    const digest = strongestHash(hashes);
    // The first of two files with the same name stays: two would let two readers pick different ones.
    if (this.#table.add(file.filename, writeKept({ location, coreMetadata, sizeBytes, digest }))) {
      this.#writer.add(file);
      this.#newest.add(file.version, file.uploadTime);
    }
  }
}

type Take = (file: ProjectFile | DropCause | undefined) => void;

function jsonForm(project: string, links: LinkReader, take: Take): Form {
  let hasFiles = false;
  let isOfProject = false;
  let status: ProjectStatus | undefined;
  const version = new VersionCheck();
  const reader = new JsonMembers('files', {
    elements: (entries) => {
      hasFiles = true;
      for (const entry of entries) take(readFileEntry(entry, project, links));
    },
    // Only what it says is kept: a member may take 50 MB, and many documents are read at once.
    member: (key, value) => {
      if (key === 'name') isOfProject = typeof value === 'string' && normalizeProjectName(value) === project;
      if (key === 'project-status' && isTable(value)) status = statusOf(value['status'], value['reason']);
      version.member(key, value);
    },
    emptyList: () => (hasFiles = true),
  });
  return {
    push: (chunk) => reader.push(chunk),
    end: () => {
      reader.end();
      if (!hasFiles || !isOfProject) throw new NotAnIndexError("Not this project's page");
      version.assertKnown();
      return status;
    },
  };
}

function htmlForm(
  project: string,
  page: URL,
  linksFrom: (base: URL) => LinkReader,
  take: Take,
  hasLinks: () => boolean,
): Form {
  const anchors = new HtmlAnchors();
  let links: LinkReader | undefined;
  const takeAll = (found: ReturnType<HtmlAnchors['push']>) => {
    for (const anchor of found) {
      // The base stands before the first link, or does not count for it.
      const base = anchors.baseHref === undefined ? page : parseUrl(anchors.baseHref, page);
      links ??= linksFrom(base ?? page);
      take(readAnchor(anchor, project, links));
    }
  };
  return {
    push: (chunk) => takeAll(anchors.push(chunk)),
    end: () => {
      takeAll(anchors.end());
      // A sign-in page or a web filter's, taken for an index, would be an empty project.
      if (!hasLinks() && !anchors.saysIndex) throw new NotAnIndexError('A page for people');
      return statusOfMeta(anchors.meta);
    },
  };
}

const versionShape = /^1\.\d{1,9}$/;

/** Which version of the simple API a document says it is. */
export class VersionCheck {
  #isKnown = false;

  /** To be told of each member; keeps none. */
  member(key: string, value: unknown): void {
    if (key !== 'meta') return;
    const version = isTable(value) ? value['api-version'] : undefined;
    this.#isKnown = typeof version === 'string' && versionShape.test(version);
  }

  /** @throws NotAnIndexError if it is not version 1 */
  assertKnown(): void {
    if (!this.#isKnown) throw new NotAnIndexError('Not version 1 of the simple API');
  }
}

export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
