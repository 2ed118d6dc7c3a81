/** What is read of a feed at most. The whole of OSV's PyPI archive has some 30,000 records, 200 MB unpacked, 10 deep. */
export const feedBounds = {
  /** Files of a folder, or entries of an archive. */
  entries: 1_000_000,
  folderDepth: 12,
  /** One document or line: the largest real record has 2 MB. */
  documentBytes: 64 * 1024 * 1024,
  recordBytes: 16 * 1024 * 1024,
  /** Of all, unpacked. */
  totalBytes: 4 * 1024 * 1024 * 1024,
  /** How many times larger than packed; JSON of one kind reaches 30, a bomb 1,000. Counts beyond `ratioFromBytes`. */
  ratio: 150,
  ratioFromBytes: 32 * 1024 * 1024,
  records: 1_000_000,
  /** Of what is kept of one feed: its records are in memory while it is read. */
  keptBytes: 256 * 1024 * 1024,
  /** Values and depth of a document. */
  marks: 8_000_000,
  depth: 64,
} as const;
export type FeedBounds = { readonly [K in keyof typeof feedBounds]: number };
