/**
 * Frees the memory of a chunk that nobody looks at any more, at once. V8 leaves short-lived buffers lying until 64 MB of
 * them have come together, which would be most of what a download or a long document costs. Only a chunk that is its whole
 * buffer: others may share it. Node 21 and later; before, the collector does it.
 */
export function releaseBytes(chunk: Uint8Array): void {
  const { buffer } = chunk;
  if (chunk.byteOffset !== 0 || chunk.byteLength !== buffer.byteLength || chunk.byteLength < 4096) return;
  (buffer as ArrayBuffer & { transfer?: (length: number) => ArrayBuffer }).transfer?.(0);
}
