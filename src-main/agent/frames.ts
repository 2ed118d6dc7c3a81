/**
 * Messages on a socket: four bytes of length, then JSON. Invariant: nothing longer than the reader's bound is ever kept,
 * whatever the length says, and what is no frame ends the connection.
 */

const headBytes = 4;

/** The other side broke the form: nothing more is read from it. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

export function frameOf(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value), 'utf8');
  const frame = Buffer.allocUnsafeSlow(headBytes + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, headBytes);
  body.fill(0);
  return frame;
}

export class FrameReader {
  #maxBytes: number;
  #chunks: Buffer[] = [];
  #held = 0;

  /** @param maxBytes longest body */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** After the other side has proved itself it may say more. */
  allow(maxBytes: number): void {
    this.#maxBytes = maxBytes;
  }

  /** Takes bytes as they come. Read what is there (`next`) before more is taken. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
  }

  /** The next whole message, or undefined until more comes. @throws FrameError */
  next(): { readonly value: unknown } | undefined {
    if (this.#held < headBytes) return undefined;
    if ((this.#chunks[0]?.length ?? 0) < headBytes) this.#chunks = [Buffer.concat(this.#chunks)];
    const length = this.#chunks[0]?.readUInt32BE(0) ?? 0;
    if (length > this.#maxBytes) throw new FrameError(`a message of ${length} bytes`);
    const end = headBytes + length;
    if (this.#held < end) return undefined;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = all.length === end ? [] : [all.subarray(end)];
    this.#held -= end;
    try {
      return { value: JSON.parse(all.toString('utf8', headBytes, end)) as unknown };
    } catch {
      throw new FrameError('a message that is no JSON');
    }
  }
}
