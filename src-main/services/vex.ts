/** Assessments to and from OpenVEX. What others say is a plan; an admin's signature makes it count. */
import type { VexProposal } from '../../shared/contract/curation-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Proposal } from '../curation/openvex.ts';
import { vexDocumentOf } from '../curation/openvex.ts';
import { keptRecords } from '../curation/feeds/records.ts';
import type { OrganizationState } from '../organization/state.ts';
import { assessmentKey } from '../policy/packages/curation-keys.ts';
import { requireEntry } from './checks.ts';
import type { Context } from './context.ts';
import type { FactsKeeper } from './facts-keeper.ts';

/** Of a plan that are shown; all are applied. */
const mostShown = 1000;
/** One line of the log holds so many. */
const mostApplied = 20_000;

export function vexHandlers(
  context: Pick<Context, 'vault' | 'commit' | 'now'>,
  keeper: FactsKeeper,
): Pick<Handlers['curation'], 'planVex' | 'applyVex' | 'exportVex'> {
  /** What the feed says, and the digest of it; nothing before it was read. */
  const proposalsOf = async (name: string) => {
    const feed = requireEntry(context.vault().state().feeds, name, 'feed');
    const kept = keeper.manifest().feeds[name];
    const proposals: Proposal[] = [];
    if (feed.kind !== 'vex' || kept?.kind !== 'vex') return { sha256: '', proposals };
    // Ours: written by feeds/readers.ts. What its source no longer says is no proposal.
    for await (const { value, isGone } of keptRecords(keeper.pathOf(kept)))
      if (isGone === undefined) proposals.push(value as Proposal);
    return { sha256: kept.sha256 ?? '', proposals };
  };

  return {
    planVex: async ({ feed }) => {
      const { sha256, proposals } = await proposalsOf(feed);
      const changes = changesOf(context.vault().state(), proposals);
      return { feed, sha256, total: changes.length, proposals: changes.slice(0, mostShown) };
    },

    applyVex: async ({ feed, sha256 }) => {
      const found = await proposalsOf(feed);
      if (found.sha256 !== sha256) throw new LatchkeyError('INVALID_INPUT', ['vexPlanStale']);
      const { result } = await context.commit((state) => {
        const assessments = changesOf(state, found.proposals)
          .slice(0, mostApplied)
          .map(({ assessment }) => assessment);
        const origin = { source: `OpenVEX feed ${feed}`, sha256, count: assessments.length };
        return {
          events: assessments.length === 0 ? [] : [{ type: 'advisory.assessed', assessments, origin }],
          result: assessments.length,
        };
      });
      return { assessed: result };
    },

    exportVex: async () => {
      const state = context.vault().state();
      const atMs = context.now();
      const document = vexDocumentOf([...state.assessments.values()], {
        author: state.organizationName,
        atMs,
      });
      const day = new Date(atMs).toISOString().slice(0, 10);
      return { fileName: `openvex-${day}.json`, text: `${JSON.stringify(document, undefined, 2)}\n` };
    },
  };
}

/** Those that are not said here already. What somebody here has found out since is not proposed over. */
function changesOf(state: OrganizationState, proposals: readonly Proposal[]): VexProposal[] {
  return proposals.flatMap(({ assessment, author, atMs }) => {
    const before = state.assessments.get(assessmentKey(assessment));
    if (before !== undefined && (before.status === assessment.status || before.atMs >= atMs)) return [];
    return [{ assessment, author, atMs, ...(before === undefined ? {} : { before: before.status }) }];
  });
}
