/** A domain as small as the rules of the log allow: notes that operators put down and take away. */
import { Map as PersistentMap } from 'immutable';
import { z } from 'zod';
import { operatorId } from '../../../shared/model/ids.ts';
import type { Clear, ClearAuthority, Domain, LineContext } from '../../../src-main/vault/domain.ts';

const key = <C extends 'Ed25519' | 'X25519'>(crv: C) =>
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal(crv), x: z.string().length(43) });
const operator = z.strictObject({
  id: operatorId,
  name: z.string().min(1),
  role: z.enum(['admin', 'lead', 'auditor']),
  teamIds: z.array(z.string()),
  signKey: key('Ed25519'),
  receiveKey: key('X25519'),
});
const tinyEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('began'), operator }),
  /** Adds an operator, or changes name, role and teams of one. */
  z.strictObject({ type: z.literal('operator'), operator }),
  z.strictObject({ type: z.literal('put'), id: z.string().min(1).max(64), text: z.string().max(40_000_000) }),
  z.strictObject({ type: z.literal('drop'), id: z.string().min(1).max(64) }),
  z.strictObject({ type: z.literal('freeze'), environment: z.string().min(1).max(64) }),
  z.strictObject({ type: z.literal('format'), to: z.number().int() }),
  z.strictObject({
    type: z.literal('restored'),
    fromSeq: z.number().int(),
    lostSeq: z.number().int(),
    lostHash: z.string(),
  }),
  z.strictObject({ type: z.literal('granted'), to: z.array(operatorId).min(1) }),
]);
export type TinyEvent = z.infer<typeof tinyEvent>;
type Operator = z.infer<typeof operator>;

export type TinyState = {
  readonly operators: PersistentMap<string, Operator>;
  readonly notes: PersistentMap<string, string>;
  readonly frozen: readonly string[];
  readonly lastLine: LineContext;
};

const aloneTypes = new Set(['began', 'operator', 'format', 'restored', 'granted']);

const authorityOf = (one: Operator): ClearAuthority => ({
  signer: one.id,
  kind: 'operator',
  keyNo: 1,
  signKey: one.signKey,
  receiveKey: one.receiveKey,
  role: one.role,
  teamIds: one.teamIds,
  removed: false,
  adminQuorum: 1,
});

function apply(state: TinyState, event: TinyEvent): TinyState | string {
  switch (event.type) {
    case 'began':
      return 'it has begun already';
    case 'operator':
      return { ...state, operators: state.operators.set(event.operator.id, event.operator) };
    case 'put':
      if (state.notes.has(event.id)) return `${event.id} is there already`;
      return { ...state, notes: state.notes.set(event.id, event.text) };
    case 'drop':
      if (!state.notes.has(event.id)) return `${event.id} is not there`;
      return { ...state, notes: state.notes.delete(event.id) };
    case 'freeze':
      return { ...state, frozen: [...state.frozen, event.environment] };
    case 'format':
    case 'restored':
    case 'granted':
      return state;
  }
}

const before = (state: TinyState | undefined, line: LineContext): TinyState =>
  state ?? { operators: PersistentMap(), notes: PersistentMap(), frozen: [], lastLine: line };

/** @param supportedFormat as another version of the program would have it */
export function tinyDomain(supportedFormat = 1, checkpointSchema = 1): Domain<TinyState, TinyEvent> {
  const clearOf = (_state: TinyState | undefined, events: readonly TinyEvent[]): Clear => {
    const [first] = events;
    if (first?.type === 'began' || first?.type === 'operator')
      return { authority: authorityOf(first.operator) };
    if (first?.type === 'format') return { format: { to: first.to } };
    if (first?.type === 'restored') {
      const { fromSeq, lostSeq, lostHash } = first;
      return { restored: { fromSeq, lostSeq, lostHash } };
    }
    const tokens = events.flatMap((event) => (event.type === 'drop' ? [event.id] : []));
    const environments = events.flatMap((event) => (event.type === 'freeze' ? [event.environment] : []));
    if (tokens.length + environments.length === 0) return {};
    return {
      denies: {
        ...(tokens.length === 0 ? {} : { tokens }),
        ...(environments.length === 0 ? {} : { environments }),
      },
    };
  };
  return {
    supportedFormat,
    checkpointSchema,
    parseEvents: (value) => {
      const parsed = z.strictObject({ events: z.array(tinyEvent).min(1).max(20_000) }).safeParse(value);
      return parsed.success
        ? { ok: true, events: parsed.data.events }
        : { ok: false, why: 'it holds no tiny events' };
    },
    applyLine: (state, events, line) => {
      if (events.length > 1 && events.some(({ type }) => aloneTypes.has(type)))
        return { ok: false, code: 'fit', why: 'it must stand alone' };
      const [first] = events;
      if (state === undefined) {
        if (first?.type !== 'began') return { ok: false, code: 'fit', why: 'it must begin' };
        const begun = before(undefined, line);
        return {
          ok: true,
          state: { ...begun, operators: begun.operators.set(first.operator.id, first.operator) },
        };
      }
      if (
        first?.type === 'put' &&
        first.text === 'secret of admins' &&
        state.operators.get(line.signer)?.role !== 'admin'
      )
        return { ok: false, code: 'right', why: 'only an admin writes that' };
      // An auditor says one thing only.
      if (
        state.operators.get(line.signer)?.role === 'auditor' &&
        !events.every((event) => event.type === 'put' && event.text === 'looked')
      )
        return { ok: false, code: 'right', why: 'an auditor may not write that' };
      let next: TinyState = { ...state, lastLine: line };
      for (const event of events) {
        const applied = apply(next, event);
        if (typeof applied === 'string') return { ok: false, code: 'fit', why: applied };
        next = applied;
      }
      return { ok: true, state: next };
    },
    clearOf,
    eventsOfClear: (state, { authority, format, restored }) => {
      if (format !== undefined) return [{ type: 'format', ...format }];
      if (restored !== undefined) return [{ type: 'restored', ...restored }];
      if (authority === undefined) return undefined;
      const { signer: id, role, teamIds, signKey, receiveKey } = authority;
      const one = operator.parse({ id, name: id, role, teamIds: [...teamIds], signKey, receiveKey });
      return [{ type: state === undefined ? 'began' : 'operator', operator: one }];
    },
    grantsTo: (events) => events.find((event) => event.type === 'granted')?.to,
    *toChunks(state) {
      yield { operators: [...state.operators.values()], frozen: state.frozen, lastLine: state.lastLine };
      let notes: [string, string][] = [];
      for (const note of state.notes) {
        notes.push(note);
        if (notes.length < 500) continue;
        yield { notes };
        notes = [];
      }
      yield { notes };
    },
    fromChunks: async (chunks) => {
      let head: { operators: Operator[]; frozen: string[]; lastLine: LineContext } | undefined;
      const notes: [string, string][] = [];
      for await (const chunk of chunks as AsyncIterable<Record<string, unknown>>) {
        if ('notes' in chunk) notes.push(...(chunk['notes'] as [string, string][]));
        else head = chunk as never;
      }
      if (head === undefined) throw new Error('no state');
      return {
        operators: PersistentMap(head.operators.map((one) => [one.id as string, one])),
        notes: PersistentMap(notes),
        frozen: head.frozen,
        lastLine: head.lastLine,
      };
    },
  };
}
