/** What came is not a document of the kind that was asked for; thrown and caught inside a worker. */
export class NotAnIndexError extends Error {
  override readonly name = 'NotAnIndexError';
}

/** It is larger than such a document ever is. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}
