/** The one table of events. Whatever the log can say stands here, with its form, its right and its effect. */
import { z } from 'zod';
import type { Steps } from '../base/steps.ts';
import { finish } from '../base/steps.ts';
import { channelEvents } from './channel.ts';
import { curationEvents } from './curation.ts';
import { environmentEvents } from './environment.ts';
import { holderEvents } from './holder.ts';
import { logEvents } from './log.ts';
import { operatorEvents } from './operator.ts';
import { organizationEvents } from './organization.ts';
import { policyEvents } from './policy.ts';
import { requestLogEvents } from './request-log.ts';
import { maxIds } from './stored.ts';
import { teamEvents } from './team.ts';
import { tokenEvents } from './token.ts';

export const events = {
  ...organizationEvents,
  ...operatorEvents,
  ...logEvents,
  ...holderEvents,
  ...teamEvents,
  ...environmentEvents,
  ...channelEvents,
  ...policyEvents,
  ...curationEvents,
  ...requestLogEvents,
  ...tokenEvents,
} as const;

type Events = typeof events;
export type DomainEventType = keyof Events;
/** An event of a type. */
export type EventOf<T extends DomainEventType> = Readonly<z.infer<Events[T]['schema']>>;
/** Any event. */
export type DomainEvent = { [T in DomainEventType]: EventOf<T> }[DomainEventType];

/** Most events on one line: an import of ten thousand tokens with a holder each. */
export const maxEventsPerLine = 20_000;
const line = z.strictObject({ events: z.array(z.unknown()).min(1).max(maxEventsPerLine) });
/** No form has objects within objects as deep as that. */
const maxDepth = 8;
const typed = z.looseObject({ type: z.string() });

type Parsed =
  | { readonly ok: true; readonly events: readonly DomainEvent[] }
  | { readonly ok: false; readonly why: string };

/** Looked at within a few milliseconds. */
const eventsPerStep = 500;

/** The content of a line, strictly. What is unknown is named by type or member, never by value. */
export const parseEvents = (content: unknown): Parsed => finish(parseInSteps(content));

/** The same in steps. */
export function* parseInSteps(content: unknown): Steps<Parsed> {
  const list = line.safeParse(content);
  if (!list.success) return { ok: false, why: 'it does not hold a list of events and nothing else' };
  const parsed: DomainEvent[] = [];
  for (const entry of list.data.events) {
    const head = typed.safeParse(entry);
    if (!head.success) return { ok: false, why: 'an event has no type' };
    const { type } = head.data;
    if (!isEventType(type)) return { ok: false, why: `it holds an event of an unknown type` };
    if (hasLongList(entry)) return { ok: false, why: `${type}: a list in it is too long` };
    const event = events[type].schema.safeParse(entry);
    if (!event.success) return { ok: false, why: `${type}: ${firstIssue(event.error)}` };
    parsed.push(event.data);
    if (parsed.length % eventsPerStep === 0) yield;
  }
  return { ok: true, events: parsed };
}

/** Counted before the entries are looked at: a complaint about each of a million would fill the memory. */
function hasLongList(value: unknown, depth = 0): boolean {
  if (value === null || typeof value !== 'object' || depth > maxDepth) return false;
  if (Array.isArray(value)) return value.length > maxIds;
  return Object.values(value).some((member) => hasLongList(member, depth + 1));
}

const isEventType = (type: string): type is DomainEventType => Object.hasOwn(events, type);

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.join('.') ?? '';
  const where = path === '' ? 'it' : path.slice(0, 100);
  return issue?.code === 'unrecognized_keys' ? `${where} has an unknown member` : `${where} has another form`;
}
