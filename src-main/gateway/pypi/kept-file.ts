/**
 * What the gateway keeps of a file to send it, as one short text; the rest stands in the rendered page only. Written and
 * read by the same program, so it is not checked again.
 */
import type { ExpectedFile } from '../../package-cache/expected-file.ts';
import type { Hashes } from './model.ts';

export type KeptFile = {
  /** A URL or a path. */
  readonly location: string;
  /** Whether there is separate metadata (PEP 658), with its hashes where they are known. */
  readonly coreMetadata: boolean | Hashes;
  readonly sizeBytes?: number | undefined;
  /** Of a folder's file: which file it is (file-stamp.ts). */
  readonly stamp?: string | undefined;
  /** The strongest digest that its page gives, `sha256=…`. */
  readonly digest?: string | undefined;
};

/** 160 bits of a file's SHA-256 tell files apart as well as all; a page has up to 100,000. */
const keyChars = 40;

/** What a file is known by where its page gives no digest: for a short time only. */
export const nameKeyOf = (filename: string): string => `~${filename}`;

/** What a file is known by for good; undefined where its page gives no digest. */
export const fileKeyOf = ({ sha256 }: Hashes): string | undefined => sha256?.slice(0, keyChars);

/** The same of one that is kept. */
export const keyOfKept = ({ digest }: KeptFile): string | undefined => fileKeyOf(hashesOfKept(digest));

const hashesOfKept = (digest: string | undefined): Hashes =>
  digest === undefined ? {} : parseHashes(digest);

/** What its page says of its content, where that can be checked. */
export function expectedOfKept({ digest, sizeBytes }: KeptFile): ExpectedFile | undefined {
  const { sha256, md5 } = hashesOfKept(digest);
  return sha256 === undefined && md5 === undefined ? undefined : { sha256, md5, sizeBytes };
}

/** The location stands last: a path may hold any character. */
export function writeKept({ location, coreMetadata, sizeBytes, stamp, digest }: KeptFile): string {
  const metadata = typeof coreMetadata === 'boolean' ? String(coreMetadata) : hashText(coreMetadata);
  return `${metadata} ${sizeBytes ?? ''} ${stamp ?? ''} ${digest ?? ''} ${location}`;
}

export function readKept(text: string): KeptFile {
  const [metadata = '', size = '', stamp = '', digest = ''] = text.split(' ', 4);
  return {
    location: text.slice(metadata.length + size.length + stamp.length + digest.length + 4),
    coreMetadata: metadata.includes('=') ? parseHashes(metadata) : metadata === 'true',
    sizeBytes: size === '' ? undefined : Number(size),
    stamp: stamp === '' ? undefined : stamp,
    digest: digest === '' ? undefined : digest,
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
