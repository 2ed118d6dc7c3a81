/**
 * What the gateway keeps of a file to send it, as one short text; the rest stands in the rendered page only. Written and
 * read by the same program, so it is not checked again.
 */
import type { Hashes } from './model.ts';

export type KeptFile = {
  /** A URL or a path. */
  readonly location: string;
  /** Whether there is separate metadata (PEP 658), with its hashes where they are known. */
  readonly coreMetadata: boolean | Hashes;
  readonly sizeBytes?: number | undefined;
  /** Of a folder's file: which file it is (file-stamp.ts). */
  readonly stamp?: string | undefined;
};

/** The location stands last: a path may hold any character. */
export function writeKept({ location, coreMetadata, sizeBytes, stamp }: KeptFile): string {
  const metadata = typeof coreMetadata === 'boolean' ? String(coreMetadata) : hashText(coreMetadata);
  return `${metadata} ${sizeBytes ?? ''} ${stamp ?? ''} ${location}`;
}

export function readKept(text: string): KeptFile {
  const [metadata = '', size = '', stamp = ''] = text.split(' ', 3);
  return {
    location: text.slice(metadata.length + size.length + stamp.length + 3),
    coreMetadata: metadata.includes('=') ? parseHashes(metadata) : metadata === 'true',
    sizeBytes: size === '' ? undefined : Number(size),
    stamp: stamp === '' ? undefined : stamp,
  };
}

function hashText(hashes: Hashes): string {
  let text = '';
  for (const name in hashes) text += `${text === '' ? '' : '&'}${name}=${hashes[name]}`;
  return text;
}

function parseHashes(text: string): Hashes {
  return Object.fromEntries(text.split('&').map((part) => part.split('=', 2) as [string, string]));
}
