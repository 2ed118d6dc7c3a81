/** The beginning of an upstream's answer: that it comes, and that it says what follows. */
import type { Dispatcher } from 'undici';
import { UpstreamError } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.upstream;

/** More than any server sends before its answer. */
const maxInterim = 20;

/**
 * Ends a request whose answer does not begin: interim answers (1xx) put off undici's own timeout, and may come for ever.
 * Also ends with the caller's signal, to its end.
 */
export class HeadWatch {
  readonly #stop = new AbortController();
  readonly #caller: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = () => this.#stop.abort(this.#caller.reason);
  #interim = 0;

  constructor(caller: AbortSignal, timeoutMs: number) {
    this.#caller = caller;
    this.#timer = setTimeout(() => this.#stop.abort(new UpstreamError(504, words.noAnswer)), timeoutMs);
    caller.addEventListener('abort', this.#onAbort);
    if (caller.aborted) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  countInterim(): void {
    this.#interim += 1;
    if (this.#interim > maxInterim) this.#stop.abort(new UpstreamError(502, words.interimOnly));
  }

  headCame(): void {
    clearTimeout(this.#timer);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener('abort', this.#onAbort);
  }
}

/** A transfer coding beside chunked is none of the content's: passed on, it would be taken for the file. */
export function requireKnownTransfer({ headers, body }: Dispatcher.ResponseData): void {
  const coding = headers['transfer-encoding'];
  if (coding === undefined || (typeof coding === 'string' && coding.trim().toLowerCase() === 'chunked'))
    return;
  body.destroy();
  throw new UpstreamError(502, words.unknownTransferCoding);
}
