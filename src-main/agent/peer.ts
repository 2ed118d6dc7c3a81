/** One connection to the agent, from its first byte to its last: who is there, then one call after the other. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { WireResult } from '../../shared/errors.ts';
import { FrameReader, frameOf } from './frames.ts';
import { bounds, callMessage } from './messages.ts';
import type { Handshake } from './proof.ts';
import { answer, hello, isProof, nonceBytes, proofOf } from './proof.ts';

/** A peer that does not take an answer for so long is gone. */
const stalledMs = 30_000;

export type PeerDeps = {
  readonly key: Uint8Array;
  readonly vaultId: string;
  /** Until when it must have proved itself. */
  readonly deadlineMs: number;
  readonly now: () => number;
  /** It has proved itself. */
  readonly onKnown: () => void;
  /** Undefined: the agent is over, and nothing is answered any more. */
  readonly call: (method: string, input: unknown) => Promise<WireResult<unknown> | undefined>;
  readonly onClose: () => void;
};

type State = 'hello' | 'answer' | 'known' | 'busy';

export class Peer {
  readonly #socket: Socket;
  readonly #deps: PeerDeps;
  readonly #reader = new FrameReader(bounds.handshakeBytes);
  #state: State = 'hello';
  #handshake: Handshake | undefined;
  #isEnding = false;
  /** It could not prove itself while nobody listened. */
  #graceMs = 0;
  /** When it was answered last. */
  #answeredMs = 0;
  /** Since when bytes wait to be taken, and how many were taken by then. */
  #stalled: { readonly sinceMs: number; readonly taken: number } | undefined;

  constructor(socket: Socket, deps: PeerDeps) {
    this.#socket = socket;
    this.#deps = deps;
    socket.on('error', () => undefined);
    socket.on('close', () => deps.onClose());
    socket.on('data', (chunk: Buffer) => {
      this.#reader.push(chunk);
      this.#read();
    });
  }

  /** Whether it has proved itself. */
  isKnown(): boolean {
    return this.#state === 'known' || this.#state === 'busy';
  }

  /** Since when it asks for nothing: its last answer, or its proof. */
  silentSinceMs(): number {
    return this.#answeredMs;
  }

  isBusy(): boolean {
    return this.#state === 'busy';
  }

  /** Ends what took too long. @param lateMs the time since the last look in which nothing could be read here */
  check(nowMs: number, lateMs = 0): void {
    this.#graceMs += lateMs;
    if (!this.isKnown() && nowMs >= this.#deps.deadlineMs + this.#graceMs) this.destroy();
    if (this.#socket.writableLength === 0) {
      this.#stalled = undefined;
      return;
    }
    const taken = this.#socket.bytesWritten - this.#socket.writableLength;
    if (this.#stalled?.taken !== taken) this.#stalled = { sinceMs: nowMs, taken };
    else if (nowMs - this.#stalled.sinceMs >= stalledMs) this.destroy();
  }

  tell(message: { readonly event: string; readonly data: unknown }): void {
    if (!this.isKnown() || this.#isEnding) return;
    // Events are for whoever looks: what is not read is not kept.
    if (this.#socket.writableLength > bounds.answerBytes) this.destroy();
    else this.#socket.write(frameOf(message));
  }

  /** Answers what was asked, and no more. */
  end(): void {
    this.#isEnding = true;
    if (this.#state === 'busy') return;
    // Whoever does not close on its side is closed; who does not read, by `check`.
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(): void {
    try {
      while (this.#state !== 'busy' && !this.#isEnding && !this.#socket.destroyed) {
        const message = this.#reader.next();
        if (message === undefined) return;
        this.#take(message.value);
      }
    } catch {
      // No frame, or not what is to be said now. Nothing is explained to somebody who does not keep to the form.
      this.destroy();
    }
  }

  #take(value: unknown): void {
    switch (this.#state) {
      case 'hello': {
        const { nonce: clientNonce } = hello.parse(value);
        const serverNonce = randomBytes(nonceBytes).toString('base64url');
        this.#handshake = { vaultId: this.#deps.vaultId, clientNonce, serverNonce };
        const proof = proofOf(this.#deps.key, 'server', this.#handshake);
        this.#state = 'answer';
        this.#socket.write(frameOf({ nonce: serverNonce, proof }));
        return;
      }
      case 'answer': {
        const { proof } = answer.parse(value);
        if (this.#handshake === undefined || !isProof(this.#deps.key, 'client', this.#handshake, proof)) {
          this.destroy();
          return;
        }
        this.#handshake = undefined;
        this.#reader.allow(bounds.callBytes);
        this.#answeredMs = this.#deps.now();
        this.#state = 'known';
        this.#deps.onKnown();
        return;
      }
      case 'known': {
        const { call, input } = callMessage.parse(value);
        this.#state = 'busy';
        this.#socket.pause();
        void this.#answer(call, input);
        return;
      }
      case 'busy':
        throw new Error('a second call before the answer');
    }
  }

  async #answer(method: string, input: unknown): Promise<void> {
    const result = await this.#deps.call(method, input);
    if (result === undefined) {
      this.destroy();
      return;
    }
    this.#state = 'known';
    this.#answeredMs = this.#deps.now();
    this.#socket.write(frameOf({ result }));
    if (this.#isEnding) {
      this.#socket.destroySoon();
      return;
    }
    this.#socket.resume();
    this.#read();
  }
}
