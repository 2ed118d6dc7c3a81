/**
 * The host's events for the page, as lines of JSON on an answer that does not end. Invariant: numbered, and kept for a
 * while, so that a page that lost its connection goes on where it was, or is told that it missed some.
 */
import type { ServerResponse } from 'node:http';

/** A minute or two of a busy gateway. */
const keptEvents = 500;
const heartbeatMs = 20_000;
/** A page that does not read that much is cut off; it comes back by itself. */
const maxUnreadBytes = 4 * 1024 * 1024;

type Numbered = { readonly seq: number; readonly line: string };

export class EventStream {
  readonly #streams = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;
  #kept: Numbered[] = [];
  #seq = 0;

  constructor() {
    this.#heartbeat = setInterval(() => this.#write('\n'), heartbeatMs).unref();
  }

  tell(name: string, event: unknown): void {
    this.#seq += 1;
    const line = `${JSON.stringify({ seq: this.#seq, name, event })}\n`;
    this.#kept.push({ seq: this.#seq, line });
    if (this.#kept.length > keptEvents * 2) this.#kept = this.#kept.slice(-keptEvents);
    this.#write(line);
  }

  /**
   * Takes over an answer whose head was written.
   * @param after the number of the last event that the page has; undefined: it has none
   */
  add(response: ServerResponse, after: number | undefined): void {
    const oldest = this.#kept[0]?.seq ?? this.#seq + 1;
    const isWhole = after !== undefined && after >= oldest - 1 && after <= this.#seq;
    response.write(`${JSON.stringify(isWhole ? { resumed: true } : { from: this.#seq })}\n`);
    if (isWhole) for (const { seq, line } of this.#kept) if (seq > after) response.write(line);
    this.#streams.add(response);
    response.once('close', () => this.#streams.delete(response));
  }

  /** The session is over: every page is told why, and let go. What is kept is nobody's any more. */
  over(why: string): void {
    for (const stream of this.#streams) stream.end(`${JSON.stringify({ over: why })}\n`);
    this.#streams.clear();
    this.#kept = [];
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.over('ended');
  }

  #write(text: string): void {
    for (const stream of this.#streams) {
      if (stream.writableLength > maxUnreadBytes) stream.destroy();
      else stream.write(text);
    }
  }
}
