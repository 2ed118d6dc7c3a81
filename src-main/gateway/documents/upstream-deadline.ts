/** How long an upstream may take to send a document: one that drips it must not hold it, and all who wait for it, for ever. */
export class UpstreamDeadline {
  readonly #ms: number;
  readonly #stop: AbortController;
  #timer: NodeJS.Timeout | undefined;
  #isLate = false;

  /** Does not run yet. @param stop aborted when the time is over */
  constructor(ms: number, stop: AbortController) {
    this.#ms = ms;
    this.#stop = stop;
  }

  /** Whether the time was over. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** All of the time, from now on. */
  start(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      this.#stop.abort();
    }, this.#ms);
  }

  /** For as long as the document waits for us, or when it is there. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
