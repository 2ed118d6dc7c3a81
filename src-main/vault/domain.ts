/**
 * What the vault must be told about the events that it keeps. The vault signs, seals, chains and replays; what an event
 * may say, who may write it, and what it does is the domain's, handed in as one object. Everything here is pure.
 */
import type { OperatorRole, OkpPublicKey } from '../../shared/model/domain.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { Steps } from '../base/steps.ts';

/** Where an event stands. Events carry neither time nor signer: the line does. */
export type LineContext = {
  readonly vaultId: string;
  /** The line's place, from 0. */
  readonly seq: number;
  readonly atMs: number;
  /** The running maximum of `atMs` over the effective lines before; may only close things, never open them. */
  readonly logTimeMs: number;
  readonly signer: OperatorId;
};

/** A signer as the clear part shows it. `keyNo` begins at 1; until keys can be changed it stays there, with both keys. */
export type ClearAuthority = {
  readonly signer: OperatorId;
  readonly kind: 'operator';
  readonly keyNo: number;
  readonly signKey: OkpPublicKey;
  readonly receiveKey: OkpPublicKey;
  readonly role: OperatorRole;
  readonly teamIds: readonly string[];
  readonly removed: boolean;
  readonly adminQuorum: number;
};

/** Rights that a line takes away. Ids only. */
export type ClearDenials = {
  readonly tokens?: readonly string[];
  /** Token id → earlier end, milliseconds since the epoch. */
  readonly ends?: Readonly<Record<string, number>>;
  readonly environments?: readonly string[];
  readonly teams?: readonly string[];
  readonly channels?: readonly string[];
};

/** What stands signed, but not encrypted, on a line; `{}` when there is nothing to say. */
export type Clear = {
  readonly authority?: ClearAuthority;
  readonly denies?: ClearDenials;
  readonly format?: { readonly to: number };
  readonly restored?: { readonly fromSeq: number; readonly lostSeq: number; readonly lostHash: string };
};

export type Verdict<State> =
  | { readonly ok: true; readonly state: State }
  /** `right`: the signer might not; `fit`: it does not fit the state. Either way the whole line is void. */
  | { readonly ok: false; readonly code: 'right' | 'fit'; readonly why: string };

export type ParsedEvents<Event> =
  { readonly ok: true; readonly events: readonly Event[] } | { readonly ok: false; readonly why: string };

export interface Domain<State, Event> {
  /** The newest format that this program reads and writes. */
  readonly supportedFormat: number;
  /** The content of a line, `{"events":[…]}`, strictly: what is unknown within the format is no event. */
  parseEvents(value: unknown): ParsedEvents<Event>;
  /** All events of a line, or none. `before` is undefined for line 1. */
  applyLine(before: State | undefined, events: readonly Event[], line: LineContext): Verdict<State>;
  /** The last two in steps of a few milliseconds, where lines may be long. */
  readonly inSteps?: {
    parseEvents(value: unknown): Steps<ParsedEvents<Event>>;
    applyLine(before: State | undefined, events: readonly Event[], line: LineContext): Steps<Verdict<State>>;
  };
  /** A pure function of the state before and the events: who reads the content recomputes it. */
  clearOf(before: State | undefined, events: readonly Event[], line: LineContext): Clear;
  /**
   * The events of a line that is judged from its clear part alone (authority, format, restored), without what only its
   * content shows (names): for a line whose content does not open or says something else. Undefined for other lines.
   */
  eventsOfClear(before: State | undefined, clear: Clear): readonly Event[] | undefined;
  /** Whom `key.granted` among the events names; undefined where there is none. The line brings the keys beside it. */
  grantsTo(events: readonly Event[]): readonly OperatorId[] | undefined;
  /** Version of the chunks: another one makes a checkpoint unusable, never wrong. */
  readonly checkpointSchema: number;
  /** The state in parts of plain JSON, made lazily so that writing can pause between them. */
  toChunks(state: State): Iterable<unknown>;
  /** @throws Error when the parts are not those of a state */
  fromChunks(chunks: Iterable<unknown> | AsyncIterable<unknown>): Promise<State>;
}
