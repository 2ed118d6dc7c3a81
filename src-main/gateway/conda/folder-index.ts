/** Reads a folder's index documents, each once for each file that stands at its place. */
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { findContained } from '../contained-file.ts';
import type { Fetched } from '../documents/document-cache.ts';
import { DocumentError } from '../documents/read-document.ts';
import { openStamped } from '../open-stamped.ts';
import { UpstreamError } from '../types.ts';
import type { BadFiles } from './bad-files.ts';
import type { CondaIndex, IndexRequest } from './conda-index.ts';
import { condaIndex, keepSights, keptCoding, maxIndexBytes, readingOf } from './conda-index.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.refusals.channels;

/** A channel has this one at least; conda and rattler both stop without it. */
const emptyNoarch = Buffer.from(
  '{"info":{"subdir":"noarch"},"packages":{},"packages.conda":{},"repodata_version":1}\n',
);

/** @throws UpstreamError where the folder or the document cannot be used */
export async function fetchFolderIndex(asked: IndexRequest, bad: BadFiles): Promise<Fetched<CondaIndex>> {
  const { channel, segments, validators } = asked;
  if (channel.upstream.type !== 'folder') throw new Error('Not a folder.');
  const file = await findContained(channel.upstream.path, segments);
  if (file === undefined) {
    if (segments.join('/') !== 'noarch/repodata.json') return { type: 'missing' };
    if (await hasNoarch(channel.upstream.path)) return { type: 'missing' };
    return await read(asked, Readable.from([emptyNoarch]), undefined, 'empty');
  }
  if (validators['stamp'] === file.stamp) return { type: 'unchanged' };
  bad.check(file);
  const readAtMs = bad.now();
  const opened = await openStamped(file.path, file.stamp);
  if (opened === undefined) throw new UpstreamError(503, words.indexBeingReplaced, { retryAfter: '1' });
  // Closes the file with its end, its error or our leaving.
  const body = opened.handle.createReadStream({ highWaterMark: 256 * 1024 });
  try {
    return await read(asked, body, file, file.stamp);
  } catch (error) {
    if (error instanceof UpstreamError && error.cause instanceof DocumentError)
      bad.add(file, readAtMs, error);
    throw error;
  }
}

async function read(
  asked: IndexRequest,
  body: Readable,
  file: { path: string; stamp: string; size: number; mtimeMs: number; changedAtMs: number } | undefined,
  stamp: string,
): Promise<Fetched<CondaIndex>> {
  const { documents, channel, onGrow } = asked;
  const source = {
    owner: channel.id,
    job: readingOf(asked),
    body,
    coding: undefined,
    maxBytes: maxIndexBytes,
  } as const;
  try {
    const { document, result } = await documents.read(source, keptCoding, onGrow);
    await keepSights(asked, result);
    const isClean = result.stamped === 0 && Object.keys(result.dropped).length === 0;
    const value = condaIndex(documents, {
      document,
      lastModified: file === undefined ? undefined : new Date(file.changedAtMs).toUTCString(),
      dropped: result.dropped,
      ...(file !== undefined && isClean ? { file } : {}),
    });
    return { type: 'value', value, validators: { stamp } };
  } catch (error) {
    if (error instanceof DocumentError)
      // Whoever writes it may be at it: the last good one goes on.
      throw new UpstreamError(502, folderReasons[error.problem], { cause: error, isOfPath: true });
    throw error;
  }
}

const folderReasons = {
  'not-an-index': words.indexNotJson,
  'too-large': words.indexTooLarge,
} as const;

/** @throws UpstreamError if there is no such folder */
async function hasNoarch(folder: string): Promise<boolean> {
  try {
    // Not listed: there may be millions of names.
    await (await opendir(folder)).close();
    return await stat(join(folder, 'noarch')).then(
      () => true,
      () => false,
    );
  } catch (error) {
    throw new UpstreamError(502, words.folderUnreadable, { cause: error, isAway: false });
  }
}
