/** What people do with a cache: reading all of it anew, and emptying it by a rule. */
import type { CacheFolder } from './cache-folder.ts';
import type { CheckedFiles } from './checked-files.ts';
import type { DocumentsSize } from './document-folder.ts';
import type { KeptEntry } from './kept-files.ts';
import type { PurgeRule } from './purge-rule.ts';

/** Documents go with all and with a channel. */
export type Purged = {
  readonly files: number;
  readonly bytes: number;
  readonly documents: number;
  readonly documentBytes: number;
};
export type VerifyResult = {
  readonly files: number;
  readonly bytes: number;
  /** Put aside. */
  readonly damaged: readonly string[];
};

/** @throws the system's error; what the signal was aborted with */
export async function verifyFiles(
  { folder, checked }: { readonly folder: CacheFolder; readonly checked: CheckedFiles },
  onProgress: (done: { readonly files: number; readonly bytes: number }) => void,
  signal?: AbortSignal,
): Promise<VerifyResult> {
  const damaged: string[] = [];
  let files = 0;
  let bytes = 0;
  for await (const { sha256 } of folder.entries()) {
    const check = await checked.check(sha256, (more) => (bytes += more), signal);
    // Another process took it away.
    if (check === 'gone') continue;
    files += 1;
    if (check === 'wrong') damaged.push(sha256);
    onProgress({ files, bytes });
  }
  return { files, bytes, damaged };
}

/**
 * @param each takes one away, or only looks at it @returns its bytes
 * @param documents the same of index documents: of a channel, or all
 */
export async function takeByRule(
  rule: PurgeRule,
  entries: AsyncIterable<KeptEntry>,
  each: (entry: KeptEntry) => Promise<number>,
  documents: (channelId?: string) => Promise<DocumentsSize>,
): Promise<Purged> {
  let files = 0;
  let bytes = 0;
  for await (const entry of entries) {
    bytes += await each(entry);
    files += 1;
  }
  const named = rule.type === 'channel' ? rule.channelId : undefined;
  const isOfDocuments = rule.type === 'all' || rule.type === 'channel';
  const also = isOfDocuments ? await documents(named) : { documents: 0, bytes: 0 };
  return { files, bytes, documents: also.documents, documentBytes: also.bytes };
}
