/** A folder that is no index; its message is fit for a status line. Thrown in a worker. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}
