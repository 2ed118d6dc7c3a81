/**
 * The organization as the vault is handed it. Invariants: an event is judged by the state before it; the events of one
 * line take effect together or not at all; who may write what is asked again at every replay.
 */
import type { OperatorId } from '../../shared/model/ids.ts';
import { teamId } from '../../shared/model/ids.ts';
import type { Steps } from '../base/steps.ts';
import { finish } from '../base/steps.ts';
import type { Clear, ClearDenials, Domain, LineContext, Verdict } from '../vault/domain.ts';
import { chunksOf, stateOfChunks } from './chunks.ts';
import type { EventKind } from './event-kind.ts';
import { UnfitEvent } from './event-kind.ts';
import type { DomainEvent } from './events.ts';
import { events, parseEvents, parseInSteps } from './events.ts';
import { createOrganization } from './organization.ts';
import type { OrganizationState } from './state.ts';

type AnyKind = EventKind<never, DomainEvent>;
const kindOf = (event: DomainEvent): AnyKind => events[event.type] as unknown as AnyKind;

/** What stands for a name where only the clear part of a line could be read. */
const unreadableName = '(name cannot be read)';

/** The domain of this program: format 1. */
export const organizationDomain: Domain<OrganizationState, DomainEvent> = {
  supportedFormat: 1,
  parseEvents,
  applyLine,
  inSteps: { parseEvents: parseInSteps, applyLine: applyInSteps },
  clearOf,
  eventsOfClear,
  grantsTo: (list) => list.find((event) => event.type === 'key.granted')?.operatorIds,
  checkpointSchema: 3,
  toChunks: chunksOf,
  fromChunks: stateOfChunks,
};

/** Applied within a few milliseconds. */
const eventsPerStep = 500;

function applyLine(
  before: OrganizationState | undefined,
  lineEvents: readonly DomainEvent[],
  line: LineContext,
): Verdict<OrganizationState> {
  return finish(applyInSteps(before, lineEvents, line));
}

/** Nothing shows of it before it is done: whoever has the state before sees no change. */
function* applyInSteps(
  before: OrganizationState | undefined,
  lineEvents: readonly DomainEvent[],
  line: LineContext,
): Steps<Verdict<OrganizationState>> {
  if (lineEvents.length > 1 && lineEvents.some((event) => kindOf(event).isAlone === true)) {
    return { ok: false, code: 'fit', why: 'an event that must stand alone has others beside it' };
  }
  let state = before;
  let count = 0;
  try {
    for (const event of lineEvents) {
      count += 1;
      if (count % eventsPerStep === 0) yield;
      const objection = whyNotAuthorized(state, line.signer, event);
      if (objection !== undefined) return { ok: false, code: 'right', why: `${event.type}: ${objection}` };
      state =
        state === undefined
          ? createOrganization(event as Parameters<typeof createOrganization>[0], line)
          : kindOf(event).apply(state, event, line);
    }
  } catch (cause) {
    if (!(cause instanceof UnfitEvent)) throw cause;
    return { ok: false, code: 'fit', why: cause.message };
  }
  if (state === undefined) return { ok: false, code: 'fit', why: 'it says nothing' };
  return { ok: true, state };
}

/** Why a signer may not write an event; undefined when allowed. `before` is undefined for the first event. */
export function whyNotAuthorized(
  before: OrganizationState | undefined,
  signer: OperatorId,
  event: DomainEvent,
): string | undefined {
  if (before === undefined) {
    if (event.type !== 'organization.created') return 'the first event must create the organization';
    return event.operator.id === signer ? undefined : 'the first operator must sign the first event';
  }
  const operator = before.operators.get(signer);
  if (operator === undefined) return 'the signer is no operator';
  const { right, teamsOf } = kindOf(event);
  if (right === 'any-operator') return undefined;
  switch (operator.role) {
    case 'admin':
      return undefined;
    case 'lead': {
      const teams = right === 'own-team' ? (teamsOf?.(before, event) ?? []) : [];
      const mayWrite =
        right === 'any-lead' || (right === 'own-team' && teams.every((id) => operator.teamIds.includes(id)));
      return mayWrite ? undefined : 'a lead may not write this';
    }
    case 'auditor':
      return 'an auditor may not write this';
  }
}

/** What the events of a line say in clear, each asked of the state that the events before it left. */
function clearOf(
  before: OrganizationState | undefined,
  lineEvents: readonly DomainEvent[],
  line: LineContext,
): Clear {
  const [first] = lineEvents;
  if (lineEvents.every((event) => kindOf(event).clear === undefined)) return {};
  if (first !== undefined && kindOf(first).isAlone === true) {
    return kindOf(first).clear?.(before as OrganizationState, first) ?? {};
  }
  let state = before;
  const gathered = new GatheredDenials();
  for (const event of lineEvents) {
    if (state === undefined) break;
    gathered.add(kindOf(event).clear?.(state, event).denies);
    if (lineEvents.length === 1) break;
    const next = applyLine(state, [event], line);
    if (!next.ok) break;
    state = next.state;
  }
  const denies = gathered.all();
  return Object.keys(denies).length === 0 ? {} : { denies };
}

const deniedLists = ['tokens', 'environments', 'teams', 'channels'] as const;

/** Each id once, in the order in which it came; grows in place, as a line has up to 20,000 events. */
class GatheredDenials {
  readonly #lists = {
    tokens: new Set<string>(),
    environments: new Set<string>(),
    teams: new Set<string>(),
    channels: new Set<string>(),
  };
  readonly #ends = new Map<string, number>();

  add(denies: ClearDenials | undefined): void {
    if (denies === undefined) return;
    for (const name of deniedLists) for (const id of denies[name] ?? []) this.#lists[name].add(id);
    for (const [id, endMs] of Object.entries(denies.ends ?? {})) this.#ends.set(id, endMs);
  }

  all(): ClearDenials {
    const lists = deniedLists.flatMap((name) =>
      this.#lists[name].size === 0 ? [] : [[name, [...this.#lists[name]]] as const],
    );
    return {
      ...(Object.fromEntries(lists) as ClearDenials),
      ...(this.#ends.size === 0 ? {} : { ends: Object.fromEntries(this.#ends) }),
    };
  }
}

function eventsOfClear(
  before: OrganizationState | undefined,
  { authority, format, restored }: Clear,
): readonly DomainEvent[] | undefined {
  if (format !== undefined) return [{ type: 'format.raised', to: format.to }];
  if (restored !== undefined) return [{ type: 'log.restored', ...restored }];
  if (authority === undefined) return undefined;
  const { signKey, receiveKey, role } = authority;
  const id = authority.signer;
  const teamIds = authority.teamIds.map((team) => teamId.parse(team));
  const keys = { signKey: keyOf('Ed25519', signKey), receiveKey: keyOf('X25519', receiveKey) };
  if (before === undefined) {
    const operator = { id, name: unreadableName, ...keys };
    return [{ type: 'organization.created', name: unreadableName, operator }];
  }
  const known = before.operators.get(id);
  return known === undefined
    ? [{ type: 'operator.added', operator: { id, name: unreadableName, role, teamIds, ...keys } }]
    : [{ type: 'operator.changed', operatorId: id, name: known.name, role, teamIds }];
}

const keyOf = <C extends 'Ed25519' | 'X25519'>(crv: C, key: { readonly x: string }) =>
  ({ kty: 'OKP', crv, x: key.x }) as const;
