/**
 * Reads `*.dist-info/METADATA` out of a wheel without unpacking it: the zip's central directory, then that one entry.
 * All sizes and offsets in a zip are the author's claims: each is bounded and checked against the file before use.
 * ZIP64 (wheels over 4 GiB) is not read; such a wheel is served without separate metadata. Runs in a worker.
 */
import { readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { normalizeProjectName } from './file-names.ts';
import { cleanText } from './text.ts';

/** Far above real ones (a long README is 200 kB); a client has to read it too. */
const maxMetadataBytes = 4 * 1024 * 1024;
/** About 100,000 entries. */
const maxDirectoryBytes = 16 * 1024 * 1024;

const endRecordBytes = 22;
const maxZipCommentBytes = 0xffff;
/** The end of a zip: in it is where the rest begins. */
export const maxTailBytes = endRecordBytes + maxZipCommentBytes;
const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const entryBytes = 46;
const localSignature = 0x04034b50;
const localBytes = 30;

const field = 'requires-python:';

type Entry = {
  readonly method: number;
  readonly packedBytes: number;
  readonly plainBytes: number;
  readonly offset: number;
};

/** Exactly `length` bytes of a file, or undefined if it has fewer there. */
export type ReadAt = (position: number, length: number) => Buffer | undefined;

/**
 * The bytes of the wheel's core metadata, or undefined if the file is not a readable wheel of this project.
 * @param file descriptor
 * @param project normalised name from the file's name: the `.dist-info` folder must carry the same
 */
export const readWheelMetadata = (file: number, sizeBytes: number, project: string): Uint8Array | undefined =>
  wheelMetadata((position, length) => readAt(file, position, length), sizeBytes, project);

/** The same of a file that is read in another way. */
export function wheelMetadata(file: ReadAt, sizeBytes: number, project: string): Uint8Array | undefined {
  const entry = findEntry(file, sizeBytes, project);
  if (entry === undefined || entry.packedBytes > maxMetadataBytes || entry.plainBytes > maxMetadataBytes)
    return undefined;
  const header = file(entry.offset, localBytes);
  if (header === undefined || header.readUInt32LE(0) !== localSignature) return undefined;
  const start = entry.offset + localBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = file(start, entry.packedBytes);
  if (packed === undefined) return undefined;
  const plain = entry.method === 0 ? packed : inflate(packed, entry.plainBytes);
  return plain?.length === entry.plainBytes ? plain : undefined;
}

/** The `Requires-Python` field of core metadata; undefined without one. */
export function requiresPythonOf(metadata: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(metadata);
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end === -1 ? undefined : end);
    // The description follows the first empty line and may say anything; a line of blanks belongs to the field before it.
    if (line === '' || line === '\r') return undefined;
    if (line.slice(0, field.length).toLowerCase() === field) return cleanText(line.slice(field.length), 500);
    at = end === -1 ? text.length : end + 1;
  }
  return undefined;
}

function findEntry(file: ReadAt, sizeBytes: number, project: string): Entry | undefined {
  const tailBytes = Math.min(sizeBytes, maxTailBytes);
  const tail = file(sizeBytes - tailBytes, tailBytes);
  if (tail === undefined) return undefined;
  let end = tail.length - endRecordBytes;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < 0) return undefined;
  const directoryBytes = tail.readUInt32LE(end + 12);
  const directoryOffset = tail.readUInt32LE(end + 16);
  if (directoryBytes > maxDirectoryBytes || directoryOffset + directoryBytes > sizeBytes) return undefined;
  const directory = file(directoryOffset, directoryBytes);
  return directory === undefined ? undefined : findInDirectory(directory, project);
}

function findInDirectory(directory: Buffer, project: string): Entry | undefined {
  let found: Entry | undefined;
  let at = 0;
  while (at + entryBytes <= directory.length && directory.readUInt32LE(at) === entrySignature) {
    const nameBytes = directory.readUInt16LE(at + 28);
    const name = directory.toString('latin1', at + entryBytes, at + entryBytes + nameBytes);
    const isEncrypted = (directory.readUInt16LE(at + 8) & 1) === 1;
    const method = directory.readUInt16LE(at + 10);
    if (isMetadataOf(project, name)) {
      // Two of them: two readers could take different ones.
      if (found !== undefined || isEncrypted || (method !== 0 && method !== 8)) return undefined;
      found = {
        method,
        packedBytes: directory.readUInt32LE(at + 20),
        plainBytes: directory.readUInt32LE(at + 24),
        offset: directory.readUInt32LE(at + 42),
      };
    }
    at += entryBytes + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return found;
}

const metadataEntry = '.dist-info/METADATA';

function isMetadataOf(project: string, entryName: string): boolean {
  if (!entryName.endsWith(metadataEntry)) return false;
  const folder = entryName.slice(0, -metadataEntry.length);
  const hyphen = folder.indexOf('-');
  if (hyphen <= 0 || hyphen === folder.length - 1 || folder.includes('/')) return false;
  return normalizeProjectName(folder.slice(0, hyphen)) === project;
}

function readAt(file: number, position: number, length: number): Buffer | undefined {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const bytesRead = readSync(file, buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return buffer;
}

function inflate(packed: Uint8Array, plainBytes: number): Buffer | undefined {
  try {
    // One more than claimed shows a claim that is too small; zero is not allowed.
    return inflateRawSync(packed, { maxOutputLength: plainBytes + 1 });
  } catch (error) {
    // Broken or longer than it says: not readable, which is an answer here.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
