/**
 * The PyPI routes of the gateway: project list, project pages and files below a channel's root (PEP 503, 691, 658).
 * Invariant: what a client can name is a project and a file; both are checked as names before anything is looked up,
 * and only what stands on a page of this channel is ever sent.
 */
import { chooseCoding } from '../documents/codings.ts';
import type { Coding } from '../documents/codings.ts';
import type { Documents } from '../documents/documents.ts';
import type { PackageLookup } from '../explain.ts';
import { documentResponse } from '../documents/document-response.ts';
import type { MadeAnswer } from '../ready-answers.ts';
import { ReadyAnswers } from '../ready-answers.ts';
import type { ChannelRequest, ChannelResponse, PolicyScope, ServedChannel } from '../types.ts';
import type { FileDependencies } from './answer-file.ts';
import { answerFile } from './answer-file.ts';
import { normalizeProjectName } from './file-names.ts';
import type { TagKey } from '../documents/entity-tags.ts';
import type { StoredDocument } from '../documents/stored-document.ts';
import type { PolicyForm } from '../documents/policy-forms.ts';
import { deniedVersions } from '../hidden-packages.ts';
import type { HiddenAnswer, HiddenQuestion } from '../hidden-packages.ts';
import { underAsked } from '../policy-scope.ts';
import type { IndexPage } from './index-page.ts';
import type { PageLicenses } from './licenses/page-licenses.ts';
import type { IndexFormat } from './negotiate.ts';
import { contentTypes, negotiate } from './negotiate.ts';
import { notFound } from './not-found.ts';
import { noteForm } from './note-form.ts';
import type { Found } from './source.ts';
import type { Served, SourceDependencies } from './sources.ts';
import { createSources } from './sources.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.refusals.pypi;

export type PypiHandlerDependencies = SourceDependencies & FileDependencies;

export type PypiHandler = {
  /** At once where the answer was just made for somebody else. */
  handle(request: ChannelRequest): ChannelResponse | Promise<ChannelResponse>;
  /** What a project's page says about its files. @throws UpstreamError */
  readonly look: PackageLookup;
  /** What policies deny of a project; without a name, of those that were asked for lately. @throws UpstreamError */
  denied(
    channel: ServedChannel,
    request: { readonly scope: PolicyScope },
    wanted: Pick<HiddenQuestion, 'name' | 'limit'>,
  ): Promise<HiddenAnswer>;
  /** Names that have a text in them, of the list of projects as it is in memory. */
  namesLike(channel: ServedChannel, wanted: string, limit: number): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** Of a list in which names are looked for: twice PyPI's, a second of a worker. */
const maxSearchedBytes = 64 * 1024 * 1024;

/** Serves every PyPI channel; what it knows of a channel is kept as long as the channel's upstream stays the same. */
export function createPypiHandler(dependencies: PypiHandlerDependencies): PypiHandler {
  const sourceOf = createSources(dependencies);
  const ready = new ReadyAnswers(dependencies.now);
  return {
    async look(channel, name, headers, { version, wantsLicense }) {
      const project = normalizeProjectName(name);
      if (project === undefined) return [];
      const { source, licenses } = sourceOf.get(channel);
      const found = await source.page(project, { headers }, 'gzip');
      if (found === undefined) return [];
      const { page } = found;
      return await licenses.facts(page, project, wantsLicense ? (version ?? page.newestVersion) : undefined);
    },
    async denied(channel, request, wanted) {
      const { documents, now } = dependencies;
      const pages = documents.book.pagesOf(channel.id, request.scope);
      const project = normalizeProjectName(wanted.name ?? '');
      if (wanted.name === undefined) return await deniedVersions(pages, wanted);
      const { source, licenses } = sourceOf.get(channel);
      const found =
        project === undefined || request.scope.policies.length === 0
          ? undefined
          : await source.page(project, { headers: {} }, 'gzip');
      if (project === undefined || found === undefined) return { versions: [], total: 0 };
      const form = await underAsked(request, async (scope) => {
        const made = await licenses.form(found.page, project, scope, 'gzip', now());
        noteForm(documents, channel, project, scope, made);
        return made;
      });
      return await deniedVersions([form.spoken], wanted);
    },
    async namesLike(channel, wanted, limit) {
      const json = sourceOf.get(channel).source.lastList()?.json;
      if (json === undefined || json.plainBytes > maxSearchedBytes) return [];
      const job = { type: 'pypi-names', wanted, limit } as const;
      return (await dependencies.documents.piecesOf(channel.id, json, job)).result.names;
    },
    handle(request) {
      const [root, name, last] = request.segments;
      const depth = request.segments.length;
      if (root === 'simple' && depth <= 3) {
        // Relative, so that host, proxy and the client's credentials stay as they are.
        if (depth === 1) return redirect('simple/');
        const served = sourceOf.get(request.channel);
        const { source } = served;
        const same = ready.last(source, request);
        if (same !== undefined) return same;
        if (depth === 2 && name === '')
          return answerIndex(request, served, ready, '', dependencies, (coding) =>
            source.list(request, coding),
          );
        const project = normalizeProjectName(name ?? '');
        if (project !== undefined && depth === 2) return redirect(`${project}/`);
        if (project !== undefined && last === '') {
          if (project !== name) return redirect(`../${project}/`);
          const look = (coding: Coding) => source.page(project, request, coding);
          return answerIndex(request, served, ready, project, dependencies, look);
        }
      } else if (root === 'files' && depth === 3) {
        return answerFile(request, sourceOf.get(request.channel), name ?? '', last ?? '', dependencies);
      }
      return notFound(words.noPage);
    },
    close() {
      sourceOf.close();
      return Promise.resolve();
    },
  };
}

type Look = (coding: Coding) => Promise<Found | undefined>;

/** @param name of the project; '' for the list */
function answerIndex(
  request: ChannelRequest,
  { source, licenses }: Served,
  ready: ReadyAnswers,
  name: string,
  { now, documents }: Pick<PypiHandlerDependencies, 'now' | 'documents'>,
  look: Look,
): ChannelResponse | Promise<ChannelResponse> {
  const format = negotiate(request.headers.accept);
  if (format === undefined) {
    const reason = words.types(contentTypes.json, contentTypes.html);
    return { status: 406, reason, headers: { vary: 'Accept' }, body: { type: 'none' } };
  }
  const coding = chooseCoding(headerOf(request, 'accept-encoding'));
  const key = `${name}\0${format}\0${coding}`;
  return (
    ready.get(source, key, request) ??
    ready.keep(source, key, request, () =>
      makeAnswer(
        request,
        look,
        format,
        coding,
        name === '' ? undefined : { name, licenses, nowMs: now() },
        documents,
      ),
    )
  );
}

async function makeAnswer(
  request: ChannelRequest,
  look: Look,
  format: IndexFormat,
  coding: Coding,
  project: Project | undefined,
  documents: Documents,
): Promise<MadeAnswer> {
  const found = await look(coding);
  if (found === undefined)
    return { response: { ...notFound(words.noProject), headers: { vary: 'Accept' } }, scopeKey: '' };
  const { page, isStale } = found;
  // With its coding: what came of policies that changed meanwhile is not kept.
  return await underAsked(request, async (scope) => {
    const { document, form } = await documentOf(page, scope, format, coding, project, (form) => {
      if (project !== undefined) noteForm(documents, request.channel, project.name, scope, form);
    });
    const key: TagKey = {
      channelId: request.channel.id,
      upstream: request.channel.upstream,
      document: request.segments.join('/'),
      // The two HTML types have the same bytes, but are two representations (RFC 9110 §8.8.3).
      representation: format,
      version: page.json.digest,
      form,
    };
    const response = await documentResponse(
      request,
      document,
      coding,
      (sent) => documents.tags.of(key, sent),
      isStale,
      {
        'content-type': contentTypes[format],
        vary: 'Accept, Accept-Encoding',
      },
    );
    return { response, scopeKey: scope.key };
  });
}

/** What policies speak about; the list of projects names no versions. */
type Project = { readonly name: string; readonly licenses: PageLicenses; readonly nowMs: number };

async function documentOf(
  page: IndexPage,
  scope: PolicyScope,
  format: IndexFormat,
  coding: Coding,
  project: Project | undefined,
  note: (form: PolicyForm) => void,
): Promise<{ readonly document: StoredDocument; readonly form?: TagKey['form'] }> {
  if (scope.policies.length === 0 || project === undefined)
    return { document: format === 'json' ? page.json : await page.html(coding) };
  const { name, licenses, nowMs } = project;
  const made = await licenses.form(page, name, scope, coding, nowMs);
  note(made);
  const document = format === 'json' ? made.document : await page.htmlUnder(made, coding);
  const { changesAtMs } = made.result;
  return { document, form: { digest: made.document.digest, scope: scope.tag, changesAtMs } };
}

function headerOf({ headers }: ChannelRequest, name: 'accept-encoding'): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function redirect(location: string): ChannelResponse {
  return { status: 301, headers: { location }, body: { type: 'none' } };
}
