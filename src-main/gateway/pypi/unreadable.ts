import { UpstreamError } from '../types.ts';

/** What came from the upstream is not an index that this gateway understands; a client gets 502 with this reason. */
export class UnreadableIndexError extends UpstreamError {
  constructor(options?: { cause?: unknown }) {
    super(502, 'Upstream sent an index that cannot be read', options);
    this.name = 'UnreadableIndexError';
  }
}
