import type { Coding } from '../documents/codings.ts';
import { documentResponse } from '../documents/document-response.ts';
import type { ChannelRequest, ChannelResponse } from '../types.ts';
import type { CondaIndex } from './conda-index.ts';

/** Larger ones come from the disk, with ranges. */
const minFileBytes = 4 * 1024 * 1024;
/**
 * An index document, as a client wants it.
 * @param isZst whether the name ends with `.zst`
 * @param tagOf its ETag in a coding
 */
export async function answerOf(
  request: ChannelRequest,
  {
    document,
    lastModified,
    file,
  }: Pick<CondaIndex, 'document' | 'lastModified'> & {
    readonly file?: CondaIndex['file'] | undefined;
  },
  { isStale, isZst, coding }: { readonly isStale: boolean; readonly isZst: boolean; readonly coding: Coding },
  tagOf: (coding: string) => string,
): Promise<ChannelResponse> {
  const dated = lastModified === undefined ? {} : { 'last-modified': lastModified };
  if (isZst) {
    const response = await documentResponse(
      request,
      document,
      'zstd',
      tagOf,
      isStale,
      {
        ...dated,
        'content-type': 'application/zstd',
      },
      true,
    );
    return response;
  }
  if (coding === 'identity' && file !== undefined && file.size > minFileBytes) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json', vary: 'Accept-Encoding' },
      body: { type: 'file', ...file, etag: tagOf(`identity ${file.stamp}`) },
    };
  }
  return await documentResponse(request, document, coding, tagOf, isStale, {
    ...dated,
    'content-type': 'application/json',
    vary: 'Accept-Encoding',
  });
}
