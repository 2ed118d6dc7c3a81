/** Acts on several tokens: told first, then done in one transaction, and only if it is still what was told. */
import type { Contract } from '../../shared/contract/contract.ts';
import type { Handlers, InputOf } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { Context } from './context.ts';
import type { BulkQuestion, PlannedBulk } from './token-bulk-plan.ts';
import { mostAtOnce, planBulk } from './token-bulk-plan.ts';
import { normalNetworks } from './token-checks.ts';
import type { MadeToken, RotationOf } from './token-maker.ts';
import { changeEvent } from './token-maker.ts';
import { matchingTokens } from './token-query.ts';
import { tokenView } from './token-views.ts';
import type { UsageStore } from './usage.ts';

type BulkInput = InputOf<Contract['tokens']['applyBulk']>;
type Selection = BulkInput['selection'];

/** So many of the tokens that would change are shown. */
const sampled = 50;

export function tokenBulk(
  context: Context,
  usage: UsageStore,
  rotationOf: RotationOf,
): Pick<Handlers['tokens'], 'planBulk' | 'applyBulk'> {
  return {
    planBulk: async ({ selection, act }) => {
      usage.refresh();
      const state = context.vault().state();
      const nowMs = context.now();
      const ids = idsOf(context, state, selection, nowMs);
      const { changes, skipped, plan } = planBulk(state, ids, inOneSpelling(act), nowMs);
      return {
        selected: ids.length,
        changes: changes.length,
        skipped: [...skipped].map(([why, count]) => ({ why, count })).toSorted((a, b) => b.count - a.count),
        sample: changes.slice(0, sampled).map(({ token }) => tokenView(state, token, nowMs, usage)),
        most: mostAtOnce(act),
        plan,
      };
    },

    applyBulk: async ({ selection, act: asked, plan }) => {
      const act = inOneSpelling(asked);
      const { result, state } = await context.commit((before, { atMs }) => {
        const planned = planBulk(before, idsOf(context, before, selection, atMs), act, atMs);
        requirePlan(planned, plan, act);
        const { events, issued } = eventsOf(before, planned, act, atMs, rotationOf);
        return { events, result: { changed: planned.changes.length, issued } };
      });
      const nowMs = context.now();
      return {
        changed: result.changed,
        issued: result.issued.flatMap(({ id, secret, replaces }) => {
          const token = state.tokens.get(id);
          return token === undefined
            ? []
            : [{ token: tokenView(state, token, nowMs, usage), secret, replaces }];
        }),
      };
    },
  };
}

/** How many tokens an act would change now; 0 when others than those that were shown would, as it then does nothing. */
export function plannedChanges(
  context: Pick<Context, 'vault' | 'indexes' | 'now'>,
  { selection, act, plan }: BulkInput,
): number {
  const state = context.vault().state();
  const nowMs = context.now();
  const planned = planBulk(state, idsOf(context, state, selection, nowMs), inOneSpelling(act), nowMs);
  return planned.plan === plan ? planned.changes.length : 0;
}

/** The ids of a selection; of a filter those that match now, but for the exceptions. */
function idsOf(
  context: Pick<Context, 'indexes'>,
  state: OrganizationState,
  selection: Selection,
  nowMs: number,
): readonly TokenId[] {
  if (selection.by === 'ids') return [...new Set(selection.ids)];
  const except = new Set(selection.except);
  return matchingTokens(context.indexes().tokens(), state, selection.filter, nowMs)
    .map(({ id }) => id)
    .filter((id) => !except.has(id));
}

function inOneSpelling<A extends BulkQuestion>(act: A): A {
  if (act.type !== 'narrow' || act.networks === undefined) return act;
  const networks = normalNetworks(act.networks);
  return { ...act, networks };
}

function requirePlan({ changes, plan }: PlannedBulk, expected: string, act: BulkQuestion): void {
  if (plan !== expected) {
    throw new LatchkeyError('VAULT_CONFLICT', ['otherTokens']);
  }
  if (changes.length === 0) throw new LatchkeyError('INVALID_INPUT', ['nothingChanges']);
  const most = mostAtOnce(act);
  if (changes.length > most) {
    throw new LatchkeyError('INVALID_INPUT', ['tooManyAtOnce', most, changes.length]);
  }
}

type Replacing = MadeToken & { readonly replaces: TokenId };

function eventsOf(
  before: OrganizationState,
  { changes }: PlannedBulk,
  act: BulkInput['act'],
  atMs: number,
  rotationOf: RotationOf,
): { readonly events: readonly DomainEvent[]; readonly issued: readonly Replacing[] } {
  switch (act.type) {
    case 'revoke': {
      const tokenIds = changes.map(({ token }) => token.id);
      return { events: [{ type: 'token.revoked', tokenIds, reason: act.reason }], issued: [] };
    }
    case 'rotate': {
      const made = changes.map(({ token }) => ({ token, ...rotationOf(before, token, act, atMs) }));
      return {
        events: made.map(({ event }) => event),
        issued: made.map(({ token, issued }) => ({ ...issued, replaces: token.id })),
      };
    }
    case 'narrow':
    case 'note':
      return { events: changes.map(({ after }) => changeEvent(after)), issued: [] };
  }
}
