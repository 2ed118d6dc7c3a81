/**
 * Index documents of conda channels, of folders and of upstreams. Invariant: only bytes that went through the link filter
 * are served. Every compressed form is our own; a `.zst` of a folder is never read, because it might say something else
 * than the JSON beside it, and one of an upstream is unpacked and filtered like the JSON.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Coding } from '../documents/codings.ts';
import { chooseCoding, hasZstd } from '../documents/codings.ts';
import type { Documents } from '../documents/documents.ts';
import type { TagKey } from '../documents/entity-tags.ts';
import type { ExpectedFile } from '../../package-cache/expected-file.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import { satisfiableRules } from '../index-store/satisfy-rows.ts';
import type { Namesakes } from '../nearest-allowed.ts';
import type { HiddenAnswer, HiddenQuestion } from '../hidden-packages.ts';
import type { IndexForm } from '../index-store/index-form.ts';
import type { JudgedFile } from '../judged-file.ts';
import { isDenied } from '../judged-file.ts';
import { underAsked, underCurrent } from '../policy-scope.ts';
import type { MadeAnswer } from '../ready-answers.ts';
import { ReadyAnswers } from '../ready-answers.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream, PolicyScope, ServedChannel } from '../types.ts';
import { UpstreamError } from '../types.ts';
import type { CondaIndex } from './conda-index.ts';
import { hasRecords } from './conda-index.ts';
import { expectedOfRecord, FileDigests } from './index-digests.ts';
import { deniedRows, isAllowedRow, newerHiddenRow, spokenVersions } from './denied-rows.ts';
import { answerOf } from './index-answer.ts';
import { IndexFinder } from './index-finder.ts';
import { notFound } from './not-found.ts';
import { NoarchBeside } from './noarch-beside.ts';
import type { Asked } from './policy-index.ts';
import { formOf, readRows, rowsOf } from './policy-index.ts';
import { factsOfFilename } from './record-facts.ts';
import type { ServedIndex } from './served-index.ts';
import { listedRows } from './shards/listed-rows.ts';
import { SideDocuments } from './side-documents/side-documents.ts';
import { judgeFile, nameFacts, needsOfName } from './spoken-rows.ts';

/** Clients ask for one of them. */
const withRecords = ['repodata.json', 'current_repodata.json', 'repodata_from_packages.json'];

/** At most so often an index is asked for again because a file is another one. */
const secondLookAfterMs = 2000;
/** People who ask about packages need not wait for an upstream each time. */
const lookMaxAgeMs = 60_000;

export class CondaIndexes {
  readonly #documents: Documents;
  readonly #finder: IndexFinder;
  readonly #beside: NoarchBeside;
  readonly #now: () => number;
  readonly #side: SideDocuments;
  readonly #ready = new ReadyAnswers(() => performance.now());

  constructor(documents: Documents, openUpstream: OpenUpstream, now: () => number) {
    this.#now = now;
    this.#documents = documents;
    this.#side = new SideDocuments(documents);
    this.#finder = new IndexFinder(documents, openUpstream, now);
    this.#beside = new NoarchBeside(this.#finder, now);
  }

  /**
   * @param isZst whether the name ends with `.zst`; `segments` have it too
   * @returns at once, the same object as before, when it was looked at within the last 250 ms
   */
  answer(request: ChannelRequest, isZst: boolean): ChannelResponse | Promise<ChannelResponse> {
    if (isZst && !hasZstd) return notFound;
    const { upstream } = request.channel;
    const same = this.#ready.last(upstream, request);
    if (same !== undefined) return same;
    const accept = request.headers['accept-encoding'];
    const coding = isZst ? 'zstd' : chooseCoding(Array.isArray(accept) ? accept.join() : accept);
    const key = `${request.segments.join('/')}\0${coding}`;
    return (
      this.#ready.get(upstream, key, request) ??
      this.#ready.keep(upstream, key, request, () => this.#make(request, isZst, coding))
    );
  }

  async #make(request: ChannelRequest, isZst: boolean, coding: Coding): Promise<MadeAnswer> {
    // With its coding, which may take long: what came of policies that changed meanwhile is not kept.
    return await underAsked(request, async (scope) => {
      const response = await this.#answerUnder(request, scope, isZst, coding);
      return { response, scopeKey: scope.key };
    });
  }

  async #answerUnder(
    request: ChannelRequest,
    scope: PolicyScope,
    isZst: boolean,
    coding: Coding,
  ): Promise<ChannelResponse> {
    const segments = isZst ? withoutZst(request.segments) : request.segments;
    const hasPolicies = scope.policies.length > 0;
    const found = await this.#finder.find(request, segments);
    if (found === undefined) return notFound;
    const { index, isStale } = found;
    const key: TagKey = {
      channelId: request.channel.id,
      upstream: request.channel.upstream,
      document: segments.join('/'),
      representation: isZst ? 'zst' : 'json',
      version: index.document.digest,
    };
    const how = { isStale, isZst, coding };
    const { tags } = this.#documents;
    if (!hasPolicies) return await answerOf(request, index, how, (sent) => tags.of(key, sent));
    if (!hasRecords(segments)) {
      const side = await this.#side.of({
        channelId: request.channel.id,
        segments,
        scopeKey: scope.key,
        raw: index.document,
        servedOf: (subdir) => this.#served(request, subdir, scope),
      });
      if (side === undefined) return notFound;
      const form = { digest: side.document.digest, scope: scope.tag, changesAtMs: side.changesAtMs };
      const left = { document: side.document, lastModified: undefined, file: undefined };
      return await answerOf(request, left, how, (sent) => tags.of({ ...key, form }, sent));
    }
    const { document, changesAtMs } = await this.#form(request, segments, scope, index);
    const form = { digest: document.digest, scope: scope.tag, changesAtMs };
    // Without a date: a change of policies leaves the upstream's as it is, and would be taken for no change.
    const left = { document, lastModified: undefined, file: undefined };
    return await answerOf(request, left, how, (sent) => tags.of({ ...key, form }, sent));
  }

  /**
   * Makes something of a subdir's index as this request may see it; again, where policies change meanwhile.
   * @returns undefined where there is none @throws UpstreamError, and what `make` throws
   */
  async ofServed<T>(
    request: ChannelRequest,
    make: (served: ServedIndex) => Promise<T>,
  ): Promise<T | undefined> {
    const [subdir = ''] = request.segments;
    return await underAsked(request, async (scope) => {
      const served = await this.#served(request, subdir, scope);
      return served === undefined ? undefined : await make(served);
    });
  }

  async #served(
    request: ChannelRequest,
    subdir: string,
    scope: PolicyScope,
  ): Promise<ServedIndex | undefined> {
    const segments = [subdir, 'repodata.json'];
    const found = await this.#finder.find(request, segments);
    if (found === undefined) return undefined;
    const { index, isStale } = found;
    const version = index.document.digest;
    const { id: channelId, upstream } = request.channel;
    const tagOf =
      (form?: TagKey['form']): ServedIndex['tagOf'] =>
      (name) => {
        const key = {
          channelId,
          upstream,
          document: `${subdir}/${name}`,
          representation: 'made',
          version,
          form,
        };
        return this.#documents.tags.of(key, 'identity');
      };
    const raw = { version, isStale, document: index.document };
    if (scope.policies.length === 0) {
      // Not kept: where no policy speaks nobody else needs the rows.
      const listed = async () => {
        const { rows } = await readRows(this.#asked(request), segments, index);
        return listedRows({ rows, isListed: () => true });
      };
      return { ...raw, scopeKey: '', changesAtMs: undefined, tagOf: tagOf(), listed };
    }
    const left = await this.#form(request, segments, scope, index);
    const { document, changesAtMs } = left;
    const form = { digest: document.digest, scope: scope.tag, changesAtMs };
    const listed = () => Promise.resolve(listedRows(left));
    return { ...raw, document, scopeKey: scope.key, changesAtMs, tagOf: tagOf(form), listed };
  }

  /** What policies say to a package's file. */
  async judge(request: ChannelRequest): Promise<JudgedFile> {
    const [subdir = '', filename = ''] = request.segments;
    const segments = [subdir, 'repodata.json'];
    const index = (await this.#finder.find(request, segments))?.index;
    const asked = this.#asked(request);
    return await underCurrent(request, async (scope, turn) => {
      // Where changes overtook the form of a large index, the file alone.
      const isAlone = turn > 0;
      const spoken = await judgeFile(asked, request.segments, scope, index, isAlone);
      const facts = factsOfFilename(filename, { channelId: request.channel.id, subdir });
      const about =
        facts === undefined
          ? undefined
          : ({ ecosystem: 'conda', name: facts.name, version: facts.version } as const);
      if (index === undefined || isDenied(spoken)) return { about, spoken };
      const rows = await rowsOf(asked, segments, index);
      const row = rows.rowOf(filename);
      const expected = row === undefined ? undefined : expectedOfRecord(rows.keyAndRecord(row).record);
      const isTaken = request.method === 'GET' && request.headers.range === undefined;
      if (about === undefined || !isTaken || isAlone) return { about, spoken, expected };
      const form = await this.#form(request, segments, scope, index);
      return { about, spoken, expected, insteadOf: await newerHiddenRow(asked, subdir, form, about) };
    });
  }

  /**
   * What the index of a file's subdir says of its content, where no policy judged it: only where there is an index at
   * hand, as nobody should wait for one that has not asked for it.
   */
  async expected({ channel, headers, segments }: ChannelRequest): Promise<ExpectedFile | undefined> {
    const [subdir = '', filename = ''] = segments;
    for (const name of withRecords) {
      const document = [subdir, name];
      // oxlint-disable-next-line no-await-in-loop
      if (!(await this.#finder.isAtHand(channel, document))) continue;
      // oxlint-disable-next-line no-await-in-loop
      const found = (await this.#digests(channel, headers, document))?.of(filename);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The upstream has another file than its index said: what it says is asked for again, but not by each who asks. */
  lookAgain({ channel, headers, segments: [subdir = ''] }: ChannelRequest): void {
    // It may well be away.
    this.#finder
      .find({ channel, headers }, [subdir, 'repodata.json'], secondLookAfterMs)
      .catch(() => undefined);
  }

  async #digests(
    channel: ServedChannel,
    headers: IncomingHttpHeaders,
    document: readonly string[],
  ): Promise<FileDigests | undefined> {
    const { id: channelId } = channel;
    let index = this.#finder.lastGood(channel, document);
    try {
      index = (await this.#finder.find({ channel, headers }, document, lookMaxAgeMs))?.index;
      if (index === undefined) return undefined;
      const { plainBytes } = index.document;
      const job = { type: 'conda-digests', channelId, subdir: document[0] ?? '', plainBytes } as const;
      const made = index;
      index.digests ??= this.#documents.piecesOf(channelId, index.document, job).then(({ result }) => {
        const digests = new FileDigests(result);
        made.digestBytes = digests.weightBytes;
        this.#finder.grew(channel, document);
        return digests;
      });
      return await index.digests;
    } catch (error) {
      if (index !== undefined) index.digests = undefined;
      // What nobody can say is not kept.
      if (error instanceof UpstreamError) return undefined;
      throw error;
    }
  }

  /** All files of a name in the subdir of a request, and those that can no longer be installed. */
  async namesakes(request: ChannelRequest, name: string): Promise<Namesakes> {
    const [subdir = ''] = request.segments;
    const segments = [subdir, 'repodata.json'];
    const index = (await this.#finder.find(request, segments))?.index;
    const names = await nameFacts(this.#asked(request), subdir, index, name);
    const { scope } = request;
    if (
      index === undefined ||
      !satisfiableRules(scope.policies).some(({ policy }) => policy.mode === 'enforce')
    )
      return { files: names.facts };
    const needs = needsOfName(await this.#form(request, segments, scope, index), names, name);
    return { files: names.facts, unsatisfiable: needs };
  }

  /** What all subdirs of a channel say about a package, by indexes that are not older than a minute; less those that cannot be read. */
  async look(
    channel: ServedChannel,
    name: string,
    headers: IncomingHttpHeaders,
  ): Promise<readonly PackageFacts[]> {
    const asked = this.#asked({ channel });
    const found = await this.#everywhere(
      { channel, headers },
      async (index, subdir) => {
        const { facts } = await nameFacts(asked, subdir, index, name);
        return facts;
      },
      'leave-out',
    );
    return found.flat();
  }

  /** By subdir and file of a name: what it needs, of which policies leave nothing; less indexes that cannot be read. */
  async needs(
    channel: ServedChannel,
    request: { readonly scope: PolicyScope },
    name: string,
  ): Promise<ReadonlyMap<string, string>> {
    const asked = this.#asked({ channel });
    const found = await this.#everywhere(
      { channel, headers: {} },
      (index, subdir) =>
        underAsked(request, async (scope) => {
          const form = await this.#form({ channel }, [subdir, 'repodata.json'], scope, index);
          const needs = needsOfName(form, await nameFacts(asked, subdir, index, name), name);
          return [...needs].map(([filename, needed]) => [`${subdir}/${filename}`, needed] as const);
        }),
      'leave-out',
    );
    return new Map(found.flat());
  }

  /** What policies deny in all subdirs of a channel. @throws UpstreamError */
  async denied(
    channel: ServedChannel,
    request: { readonly scope: PolicyScope },
    wanted: Pick<HiddenQuestion, 'name' | 'limit'>,
  ): Promise<readonly HiddenAnswer[]> {
    if (request.scope.policies.length === 0) return [];
    const asked = this.#asked({ channel });
    return await this.#everywhere({ channel, headers: {} }, (index, subdir) =>
      underAsked(request, async (scope) => {
        const form = await this.#form({ channel }, [subdir, 'repodata.json'], scope, index);
        return await deniedRows(asked, subdir, form, wanted);
      }),
    );
  }

  async #everywhere<T>(
    request: Pick<ChannelRequest, 'channel' | 'headers'>,
    look: (index: CondaIndex, subdir: string) => Promise<T>,
    unreadable: 'throw' | 'leave-out' = 'throw',
  ): Promise<readonly T[]> {
    const subdirs = this.#finder.subdirsOf(request.channel.upstream).all();
    const found = await Promise.all(
      subdirs.map(async (subdir) => {
        try {
          const index = (await this.#finder.find(request, [subdir, 'repodata.json'], lookMaxAgeMs))?.index;
          return index === undefined ? [] : [await look(index, subdir)];
        } catch (error) {
          if (unreadable === 'leave-out' && error instanceof UpstreamError) return [];
          throw error;
        }
      }),
    );
    return found.flat();
  }

  async #form(
    { channel }: Pick<ChannelRequest, 'channel'>,
    segments: readonly string[],
    scope: PolicyScope,
    index: CondaIndex,
  ): Promise<IndexForm> {
    const asked = this.#asked({ channel });
    const form = await formOf(asked, segments, scope, index);
    const [subdir = ''] = segments;
    this.#documents.book.made(channel.id, segments.join('/'), scope, form, {
      isAllowed: (filename) => isAllowedRow(form, filename),
      denied: async (limit) => await spokenVersions(asked, subdir, form, limit),
    });
    return form;
  }

  #asked({ channel }: Pick<ChannelRequest, 'channel'>): Asked {
    const noarch = (name: string) => this.#beside.of(channel, name);
    return { documents: this.#documents, channel, nowMs: this.#now(), noarch };
  }
}

function withoutZst(segments: readonly string[]): string[] {
  return [...segments.slice(0, -1), (segments.at(-1) ?? '').slice(0, -'.zst'.length)];
}
