/**
 * Reads the licence out of a wheel of which only parts are here: says which part is needed next. Runs in a worker; knows
 * nothing from one call to the next.
 */
import { wheelMetadata } from '../wheel-metadata.ts';
import { licenseOfMetadata } from './metadata-license.ts';

export type WheelPart = { readonly at: number; readonly bytes: Uint8Array };
export type SparseAnswer =
  | { readonly type: 'needs'; readonly at: number; readonly length: number }
  /** '' where it says nothing, or is no readable wheel of this project. */
  | { readonly type: 'license'; readonly text: string };

class NeedsError extends Error {
  readonly at: number;
  readonly length: number;

  constructor(at: number, length: number) {
    super('Not here yet');
    this.at = at;
    this.length = length;
  }
}

/**
 * @param sizeBytes of the whole file
 * @param project normalised
 */
export function licenseOfParts(
  sizeBytes: number,
  parts: readonly WheelPart[],
  project: string,
): SparseAnswer {
  try {
    const metadata = wheelMetadata((at, length) => partOf(parts, sizeBytes, at, length), sizeBytes, project);
    return { type: 'license', text: metadata === undefined ? '' : licenseOfMetadata(metadata) };
  } catch (error) {
    if (error instanceof NeedsError) return { type: 'needs', at: error.at, length: error.length };
    throw error;
  }
}

function partOf(
  parts: readonly WheelPart[],
  sizeBytes: number,
  at: number,
  length: number,
): Buffer | undefined {
  if (at < 0 || at + length > sizeBytes) return undefined;
  for (const part of parts) {
    const from = at - part.at;
    if (from >= 0 && from + length <= part.bytes.length)
      return Buffer.from(part.bytes.buffer, part.bytes.byteOffset + from, length);
  }
  throw new NeedsError(at, length);
}
