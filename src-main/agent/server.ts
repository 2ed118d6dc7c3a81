/**
 * Serves calls of the contract to the commands of this user, from an app that is unlocked. Invariant: operations leave
 * here, never keys; a peer is told nothing before this side, and then the peer, has proved to know the key of this start;
 * what a peer may hold (connections, bytes, time) is bounded; all of it ends with the lock, after 15 minutes without a
 * call, after 8 hours, when the computer slept or its user logged out, and when another agent took over.
 */
import { randomBytes } from 'node:crypto';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { WireResult } from '../../shared/errors.ts';
import type { AgentAddress, Owners, SocketPlace } from './address-file.ts';
import {
  addressPath,
  isStill,
  makeSocketPlace,
  removeAddress,
  systemOwners,
  writeAddress,
} from './address-file.ts';
import type { PassedOnEvent } from './messages.ts';
import { isUse } from './messages.ts';
import { Peer } from './peer.ts';

/** Nobody used it: whoever is at the keyboard now may be somebody else. */
const idleMs = 15 * 60_000;
/** A day's work; then the passphrase is asked for again. */
const absoluteMs = 8 * 60 * 60_000;
/** A peer that has not proved itself by then only takes room. */
const handshakeMs = 5_000;
/** More commands at once than anybody runs; so many again may be proving themselves. */
const maxPeers = 64;
const checkEveryMs = 1_000;
/** A look that comes so late: the computer slept, or somebody stopped the process. */
const sleptMs = 30_000;

/** Why it ended. */
export type AgentEnd = 'locked' | 'idle' | 'old' | 'slept' | 'logout' | 'replaced' | 'asked';

export type AgentLimits = {
  readonly idleMs: number;
  readonly absoluteMs: number;
  readonly handshakeMs: number;
  readonly maxPeers: number;
};
export const agentLimits: AgentLimits = { idleMs, absoluteMs, handshakeMs, maxPeers };

export type AgentDeps = {
  readonly dataDir: string;
  readonly stateDir: string;
  readonly vaultId: string;
  /** The door, with what a call over the agent may not do taken out (`agent-calls.ts`). */
  readonly call: (method: string, input: unknown) => Promise<WireResult<unknown>>;
  /** Events of the app. @returns the function that ends the subscription */
  readonly on: (name: PassedOnEvent, listener: (data: unknown) => void) => () => void;
  readonly isUnlocked: () => boolean;
  /** Told once when it has ended and no peer is left. */
  readonly onEnd?: (why: AgentEnd) => void;
  readonly now?: () => number;
  /** Whether the user's session at the computer goes on, where that can be seen. */
  readonly isLoggedIn?: (() => boolean) | undefined;
  readonly limits?: Partial<AgentLimits>;
  readonly owners?: Owners;
  readonly makePlace?: () => SocketPlace;
};

export type AgentTimes = {
  readonly sinceMs: number;
  /** When it ends without another call. */
  readonly idleEndMs: number;
  /** When it ends in any case. */
  readonly endMs: number;
};

export class AgentServer {
  readonly #deps: AgentDeps;
  readonly #limits: AgentLimits;
  readonly #now: () => number;
  readonly #key = randomBytes(32);
  readonly #peers = new Set<Peer>();
  readonly #stops: (() => void)[] = [];
  readonly #path: string;
  #server: Server | undefined;
  #place: SocketPlace | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sinceMs = 0;
  #lastCallMs = 0;
  #lookedMs = 0;
  #end: AgentEnd | undefined;

  constructor(deps: AgentDeps) {
    this.#deps = deps;
    this.#limits = { ...agentLimits, ...deps.limits };
    this.#now = deps.now ?? Date.now;
    this.#path = addressPath(deps.stateDir, deps.dataDir);
  }

  /** Starts to serve, and says where. @throws LatchkeyError AGENT_UNTRUSTED, FILE_NOT_WRITABLE; a system's error */
  async start(): Promise<void> {
    const place = (this.#deps.makePlace ?? makeSocketPlace)();
    const server = createServer((socket) => this.#take(socket));
    try {
      // Exclusive on Windows: Node asks for the first instance of the pipe.
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(place.address, () => resolve());
      });
      server.on('error', () => undefined);
      writeAddress(this.#path, this.#content(place.address), this.#deps.owners ?? systemOwners);
    } catch (error) {
      server.close();
      place.remove();
      throw error;
    }
    this.#server = server;
    this.#place = place;
    this.#sinceMs = this.#lastCallMs = this.#now();
    this.#lookedMs = this.#now();
    this.#listenToApp();
    let lookedMs = performance.now();
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      this.check(Math.max(0, nowMs - lookedMs - checkEveryMs));
      lookedMs = nowMs;
    }, checkEveryMs).unref();
  }

  times(): AgentTimes {
    return {
      sinceMs: this.#sinceMs,
      idleEndMs: this.#lastCallMs + this.#limits.idleMs,
      endMs: this.#sinceMs + this.#limits.absoluteMs,
    };
  }

  isServing(): boolean {
    return this.#server !== undefined && this.#end === undefined;
  }

  /**
   * Ends what is over. Looked at every second, and before each call: a computer that woke up serves nothing first.
   * @param lateMs this process did nothing for so long: what peers said meanwhile was not read yet
   */
  check(lateMs = 0): void {
    const nowMs = this.#now();
    if (this.isServing()) this.#endWhatIsOver(nowMs);
    // Also of one that ends: whoever does not read must not keep the keys in memory.
    for (const peer of this.#peers) peer.check(nowMs, lateMs);
  }

  #endWhatIsOver(nowMs: number): void {
    const silentMs = nowMs - this.#lookedMs;
    this.#lookedMs = nowMs;
    const { idleEndMs, endMs, sinceMs } = this.times();
    if (silentMs > sleptMs) this.stop('slept');
    else if (this.#deps.isLoggedIn?.() === false) this.stop('logout');
    // A clock that was set back must not make the session longer.
    else if (nowMs >= endMs || nowMs < sinceMs - sleptMs) this.stop('old');
    else if (nowMs >= idleEndMs && ![...this.#peers].some((peer) => peer.isBusy())) this.stop('idle');
    else if (!isStill(this.#path, this.#key.toString('base64url'))) this.stop('replaced');
  }

  /** Takes no more calls; what is under way is answered. */
  stop(why: AgentEnd): void {
    if (this.#end !== undefined) return;
    this.#end = why;
    for (const stop of this.#stops.splice(0)) stop();
    removeAddress(this.#path, this.#key.toString('base64url'));
    this.#server?.close();
    for (const peer of this.#peers) peer.end();
    this.#key.fill(0);
    this.#settle();
  }

  #content(address: string): AgentAddress {
    return {
      version: 1,
      address,
      key: this.#key.toString('base64url'),
      pid: process.pid,
      vaultId: this.#deps.vaultId,
    };
  }

  #listenToApp(): void {
    const { on, isUnlocked } = this.#deps;
    this.#stops.push(
      on('notice', (data) => this.#tell('notice', data, true)),
      on('vault.verifying', (data) => this.#tell('vault.verifying', data, false)),
      on('session.changed', (data) => {
        this.#tell('session.changed', data, false);
        if (!isUnlocked()) this.stop('locked');
      }),
    );
  }

  /** @param onlyBusy what is said about a call is for whoever made one */
  #tell(event: PassedOnEvent, data: unknown, onlyBusy: boolean): void {
    for (const peer of this.#peers) if (!onlyBusy || peer.isBusy()) peer.tell({ event, data });
  }

  #take(socket: Socket): void {
    if (!this.isServing()) {
      socket.destroy();
      return;
    }
    // Those who have not proved themselves take no room from those who have: the one that had most time makes room.
    const strangers = [...this.#peers].filter((other) => !other.isKnown());
    if (strangers.length >= this.#limits.maxPeers) this.#letGo(strangers[0]);
    const peer = new Peer(socket, {
      key: this.#key,
      vaultId: this.#deps.vaultId,
      deadlineMs: this.#now() + this.#limits.handshakeMs,
      now: this.#now,
      onKnown: () => this.#makeRoom(peer),
      call: (method, input) => this.#call(method, input),
      onClose: () => {
        this.#peers.delete(peer);
        this.#settle();
      },
    });
    this.#peers.add(peer);
  }

  /** One more has proved itself: whoever asked for nothing longest makes room, never one whose call is under way. */
  #makeRoom(newcomer: Peer): void {
    const known = [...this.#peers].filter((peer) => peer.isKnown());
    if (known.length <= this.#limits.maxPeers) return;
    const silent = known.filter((peer) => peer !== newcomer && !peer.isBusy());
    this.#letGo(silent.toSorted((a, b) => a.silentSinceMs() - b.silentSinceMs())[0] ?? newcomer);
  }

  #letGo(peer: Peer | undefined): void {
    if (peer === undefined) return;
    this.#peers.delete(peer);
    peer.destroy();
  }

  async #call(method: string, input: unknown): Promise<WireResult<unknown> | undefined> {
    this.check();
    if (!this.isServing()) return undefined;
    if (isUse(method)) this.#lastCallMs = this.#now();
    const result = await this.#deps.call(method, input);
    if (isUse(method)) this.#lastCallMs = this.#now();
    return result;
  }

  #settle(): void {
    if (this.#end === undefined || this.#peers.size > 0 || this.#place === undefined) return;
    clearInterval(this.#timer);
    this.#place.remove();
    this.#place = undefined;
    this.#deps.onEnd?.(this.#end);
  }
}
