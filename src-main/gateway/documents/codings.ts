/** Content codings (RFC 9110 §8.4): which are asked of an upstream, undone, made, and chosen for a client. */
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** Those in which a document is sent. */
export type Coding = 'identity' | 'gzip' | 'zstd';

/** Newer nodes only; without it clients get gzip. */
export const hasZstd = 'createZstdCompress' in zlib;

/** What an upstream is asked for when it sends a document. */
export const acceptedCodings = hasZstd ? 'zstd, gzip' : 'gzip';

/**
 * 8 MB: all that the content coding may need (RFC 9659), and what conda's own indexes are made with. Each document that is
 * read holds as much; 48 of 128 MB would fill a small computer.
 */
const maxWindowLog = 23;
const outputBytes = 64 * 1024;

/**
 * Undoes a coding, also one that was not asked for; `undefined` where there is nothing to undo.
 * @throws RangeError for one that is not known
 */
export function decoderOf(coding: string | undefined): Transform | undefined {
  switch (coding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ chunkSize: outputBytes });
    case 'deflate':
      return zlib.createInflate({ chunkSize: outputBytes });
    case 'br':
      return zlib.createBrotliDecompress({ chunkSize: outputBytes });
    case 'zstd':
      if (hasZstd)
        return zlib.createZstdDecompress({
          chunkSize: outputBytes,
          params: { [zlib.constants.ZSTD_d_windowLogMax]: maxWindowLog },
        });
      break;
    default:
      break;
  }
  throw new RangeError('Unknown content coding');
}

/**
 * Makes a coding, one member or frame whatever the size: clients read no second one. Fast rather than small: it is done
 * on the way, and hex digests, which fill these documents, hardly shrink.
 */
export function encoderOf(coding: Exclude<Coding, 'identity'>): Transform {
  return coding === 'gzip'
    ? zlib.createGzip({ level: 1, memLevel: 9, chunkSize: outputBytes })
    : zlib.createZstdCompress({
        chunkSize: outputBytes,
        // Of indexes of conda it is even smaller than 3, which takes three times as long.
        params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 },
      });
}

/** The one to send to a client with this Accept-Encoding, by its wishes and, between equals, ours. */
export function chooseCoding(acceptEncoding: string | undefined): Coding {
  if (acceptEncoding === undefined) return 'identity';
  const wishes = new Map<string, number>();
  for (const part of acceptEncoding.slice(0, 1024).split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const number = quality === undefined ? 1 : Number(quality);
    if (number >= 0 && number <= 1) wishes.set(name === 'x-gzip' ? 'gzip' : name, number);
  }
  const wish = (coding: Coding) => wishes.get(coding) ?? wishes.get('*') ?? 0;
  const [zstd, gzip] = [hasZstd ? wish('zstd') : 0, wish('gzip')];
  if (zstd > 0 && zstd >= gzip) return 'zstd';
  return gzip > 0 ? 'gzip' : 'identity';
}
