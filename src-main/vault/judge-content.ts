/**
 * The content of a line: what the domain makes of it. Invariant: all events of a line count or none; what stands in
 * clear is exactly what follows from them.
 */
import { inSlices } from '../base/steps.ts';
import type { Clear, Domain, LineContext } from './domain.ts';
import { jcs } from './jcs.ts';
import type { Content } from './line-check.ts';
import type { LinePayload } from './line.ts';
import type { VoidLine } from './vault-api.ts';

export type ContentVerdict<State, Event> =
  | { readonly ok: true; readonly events: readonly Event[]; readonly state: State }
  | { readonly ok: false; readonly code: VoidLine['code']; readonly why: string };

/** Judged within a few milliseconds. */
const charsAtOnce = 64 * 1024;

/** Judges the content of a line whose clear part may be. */
export async function judgeContent<State, Event>(
  domain: Domain<State, Event>,
  before: State | undefined,
  payload: Pick<LinePayload, 'clear' | 'keys'>,
  content: Content,
  context: LineContext,
): Promise<ContentVerdict<State, Event>> {
  if (!content.ok) return { ok: false, code: 'content', why: content.why };
  // Long ones are judged with the event loop free now and then; what is kept of them is one state, at the end.
  const steps = content.text.length > charsAtOnce ? domain.inSteps : undefined;
  const value: unknown = JSON.parse(content.text);
  const parsed = await (steps === undefined ? domain.parseEvents(value) : inSlices(steps.parseEvents(value)));
  if (!parsed.ok) return { ok: false, code: 'form', why: parsed.why };
  const { events } = parsed;
  const verdict = await (steps === undefined
    ? domain.applyLine(before, events, context)
    : inSlices(steps.applyLine(before, events, context)));
  if (!verdict.ok) return verdict;
  const why = whyClearDiffers(domain.clearOf(before, events, context), domain.grantsTo(events), payload);
  if (why !== undefined) return { ok: false, code: 'clear', why };
  return { ok: true, events, state: verdict.state };
}

/** Most lines show nothing. */
const isSameClear = (a: Clear, b: Clear): boolean =>
  Object.keys(a).length === 0 && Object.keys(b).length === 0 ? true : jcs(a) === jcs(b);

/** Why what a line shows is not what its events say; undefined when it is. */
export function whyClearDiffers(
  clear: Clear,
  grantsTo: readonly string[] | undefined,
  payload: Pick<LinePayload, 'clear' | 'keys'>,
): string | undefined {
  if (!isSameClear(clear, payload.clear)) return 'what it shows is not what it says';
  // Keys that come with a new right belong to it; others need an event that says so.
  const isGrant = payload.keys !== undefined && !('authority' in payload.clear);
  if (isGrant !== (grantsTo !== undefined)) return 'its keys and its content do not belong together';
  if (!isGrant) return undefined;
  const brought = new Set(payload.keys?.flatMap(({ grants }) => grants.map(({ operator }) => operator)));
  const isSame = brought.size === grantsTo?.length && grantsTo.every((id) => brought.has(id as never));
  return isSame ? undefined : 'it brings keys to others than it says';
}
