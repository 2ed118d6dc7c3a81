/**
 * A channel whose upstream is a folder of wheels and sdists. Looks at the folder at most once a second; a worker reads a
 * file only when its project's page is asked for, and only once for each file. Between two looks everything comes from
 * memory.
 */
import { realpath, stat } from 'node:fs/promises';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Coding } from '../documents/codings.ts';
import type { Documents } from '../documents/documents.ts';
import { formOf } from '../documents/stored-document.ts';
import { StoredDocument } from '../documents/stored-document.ts';
import { RecordTable } from '../documents/record-table.ts';
import { openStamped } from '../open-stamped.ts';
import { pkgInfoOf } from './licenses/sdist-info.ts';
import { fileStamp } from '../file-stamp.ts';
import { readyMs } from '../ready-answers.ts';
import type { ChannelResponse } from '../types.ts';
import { UpstreamError } from '../types.ts';
import type { FolderPage, LookResult } from './folder-index.ts';
import { isGone, isInside } from './folder-scan.ts';
import { IndexPage } from './index-page.ts';
import type { KeptFile } from './kept-file.ts';
import type { Found, PypiSource } from './source.ts';
import { fileContentType } from './source.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.refusals.files;

/** A new wheel shows up within a second: in this time, and that for which a made answer is given again. */
const freshMs = 1000 - readyMs;
/** The folder as a whole, in the channel's health. */
const listPath = 'simple/';
/** A scan that takes long is not started again at once: it gets at most this share of the time. */
const scanShare = 0.2;
/** Its content is in its name. */
const metadataKeptMs = 24 * 3_600_000;
const codingKept: Coding = 'gzip';
const listFacts = { project: undefined, status: undefined, table: undefined, newest: undefined };

type StampedPage = { readonly page: IndexPage; readonly stamp: string; readonly weightBytes: number };

/** @param owner the channel */
export function createFolderSource(
  owner: ChannelId,
  folder: string,
  documents: Documents,
  now: () => number,
): PypiSource {
  const { cache, health } = documents;
  const worker = documents.folder(owner, folder);
  let projects: RecordTable | undefined;
  let list: IndexPage | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let keepsMs = 0;
  let looking: Promise<void> | undefined;
  const reading = new Map<string, Promise<StampedPage | undefined>>();

  function isFresh(): boolean {
    const ageMs = now() - lookedAtMs;
    // A clock that was set back makes an age negative: not fresh.
    return ageMs >= 0 && ageMs < keepsMs;
  }

  async function look(): Promise<void> {
    const startedAtMs = now();
    let result: LookResult;
    try {
      result = await worker.look(startedAtMs, list === undefined);
    } catch (error) {
      if (error instanceof UpstreamError) health.bad(owner, listPath, error);
      throw error;
    }
    if (result.changed !== undefined) {
      const { pieces, digest, table } = result.changed;
      const form = formOf(pieces);
      const json = new StoredDocument(digest, [['identity', form]], form.bytes);
      projects = new RecordTable(table);
      if (json.digest !== list?.json.digest)
        list = new IndexPage(json, { owner, ...listFacts }, documents, () => {});
    }
    if (result.problem === undefined) health.good(owner, listPath);
    else health.note(owner, listPath, { reason: result.problem });
    // Counted from the start: what was written during the scan may have been missed.
    lookedAtMs = startedAtMs;
    keepsMs = Math.max(freshMs, (now() - startedAtMs) / scanShare);
  }

  async function refresh(): Promise<void> {
    looking ??= look().finally(() => (looking = undefined));
    await looking;
  }

  async function read(name: string, stamp: string): Promise<StampedPage | undefined> {
    const found: FolderPage | undefined = await worker.page(name, now());
    if (found === undefined) return undefined;
    const key = `page\0${name}`;
    const form = formOf(found.pieces);
    const onGrow = cache.growerOf(owner, key);
    const json = new StoredDocument(found.digest, [['identity', form]], form.bytes, onGrow);
    const facts = { owner, project: name, status: undefined, table: found.table, newest: found.newest };
    const page = new IndexPage(json, facts, documents, onGrow);
    const stamped: StampedPage = {
      page,
      stamp,
      get weightBytes() {
        return page.weightBytes;
      },
    };
    cache.put(owner, key, stamped);
    return stamped;
  }

  const source: PypiSource = {
    lastList: () => list,
    async list() {
      if (!isFresh()) await refresh();
      return list === undefined ? undefined : { page: list, isStale: false };
    },
    async page(name): Promise<Found | undefined> {
      if (!isFresh()) await refresh();
      const stamp = projects?.get(name);
      if (stamp === undefined) return undefined;
      const known = cache.peek<StampedPage>(owner, `page\0${name}`);
      if (known?.stamp === stamp) return { page: known.page, isStale: false };
      const key = `${name}\0${stamp}`;
      let pending = reading.get(key);
      if (pending === undefined) {
        pending = read(name, stamp).finally(() => reading.delete(key));
        reading.set(key, pending);
      }
      const stamped = await pending;
      return stamped === undefined ? undefined : { page: stamped.page, isStale: false };
    },
    async find(name, filename, request) {
      return (await source.page(name, request, codingKept))?.page.file(filename);
    },
    async send(filename, file, part) {
      if (!(await isStillInside(folder, file.location))) return undefined;
      return part === 'metadata' ? await sendMetadata(filename, file) : await sendFile(filename, file);
    },
    async license(_project, filename, file) {
      if (!(await isStillInside(folder, file.location))) return undefined;
      const lane = documents.threads.lane();
      if (filename.endsWith('.whl')) {
        const bytes = file.coreMetadata === false ? undefined : await worker.metadata(filename, file);
        return bytes === undefined ? '' : await lane.run<string>('metadataLicense', [bytes]);
      }
      if (!filename.endsWith('.gz')) return '';
      const opened = await openStamped(file.location, file.stamp ?? '');
      if (opened === undefined) return undefined;
      // Its end closes the file.
      const info = await pkgInfoOf(opened.handle.createReadStream());
      return info === undefined ? '' : await lane.run<string>('metadataLicense', [info]);
    },
    close: () => {
      worker.close();
      cache.forget(owner);
      health.forget(owner);
    },
  };

  async function sendMetadata(filename: string, file: KeptFile): Promise<ChannelResponse | undefined> {
    const { value } = await cache.get(
      owner,
      `metadata\0${filename}\0${file.stamp}\0${file.location}`,
      metadataKeptMs,
      async () => {
        const bytes = await worker.metadata(filename, file);
        return bytes === undefined
          ? { type: 'missing' }
          : { type: 'value', value: { bytes, weightBytes: bytes.length }, validators: {} };
      },
    );
    if (value === undefined) return undefined;
    const headers = { 'content-type': fileContentType(filename, 'metadata') };
    return { status: 200, headers, body: { type: 'bytes', bytes: value.bytes } };
  }
  return source;
}

async function sendFile(filename: string, file: KeptFile): Promise<ChannelResponse | undefined> {
  let facts;
  try {
    facts = await stat(file.location);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  if (!facts.isFile()) return undefined;
  const stamp = fileStamp(facts);
  if (stamp !== file.stamp) {
    // Not what the page promised the hash of; the next look will see it.
    const reason = words.beingReplaced;
    return { status: 503, reason, headers: { 'retry-after': '1' }, body: { type: 'none' } };
  }
  const { size, mtimeMs } = facts;
  const headers = { 'content-type': fileContentType(filename, 'file') };
  return { status: 200, headers, body: { type: 'file', path: file.location, size, mtimeMs, stamp } };
}

/** Whether the path, followed to its end, still is itself and inside the folder: asked again before a file is sent. */
async function isStillInside(folder: string, path: string): Promise<boolean> {
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(path)]);
    return real === path && isInside(root, real);
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
