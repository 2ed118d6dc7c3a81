/** Assessments to and from OpenVEX. What others say is a plan; an admin's signature makes it count. */
import { createHash } from 'node:crypto';
import type { VexProposal } from '../../shared/contract/curation-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Proposal } from '../curation/openvex.ts';
import { proposalsOf, vexDocumentOf } from '../curation/openvex.ts';
import { parseStrictJson } from '../curation/strict-json.ts';
import { keptRecords } from '../curation/feeds/records.ts';
import { isWhole } from '../curation/feeds/whole-records.ts';
import type { OrganizationState } from '../organization/state.ts';
import { assessmentKey } from '../policy/packages/curation-keys.ts';
import { requireEntry } from './checks.ts';
import type { Context } from './context.ts';
import type { FactsKeeper } from './facts-keeper.ts';

/** Of a plan that are shown; all are applied. */
const mostShown = 1000;
/** One line of the log holds so many. */
const mostApplied = 20_000;
const mostBadShown = 20;
/** It is read beside other work: a larger one comes as a feed, which a thread reads. */
const documentBounds = { marks: 300_000, depth: 64 };

export function vexHandlers(
  context: Pick<Context, 'vault' | 'commit' | 'now'>,
  keeper: FactsKeeper,
): Pick<Handlers['curation'], 'planVex' | 'applyVex' | 'exportVex'> {
  /** What the feed says, and the digest of it; nothing before it was read. */
  const ofFeed = async (name: string): Promise<Said> => {
    const feed = requireEntry(context.vault().state().feeds, name, 'feed');
    const kept = keeper.manifest().feeds[name];
    const proposals: Proposal[] = [];
    const source = `OpenVEX feed ${name}`;
    if (feed.kind !== 'vex' || kept?.kind !== 'vex')
      return { source, sha256: '', proposals, others: 0, bad: [] };
    const path = keeper.pathOf(kept);
    if (path === undefined) return { source, sha256: '', proposals, others: 0, bad: [] };
    if (!(await isWhole(path, kept.sha256)))
      throw new LatchkeyError('INVALID_INPUT', ['vexFeedDamaged', source]);
    // Ours: written by feeds/readers.ts. What its source no longer says is no proposal.
    for await (const { value, isGone } of keptRecords(path))
      if (isGone === undefined) proposals.push(value as Proposal);
    const bad = kept.firstBad === undefined ? [] : [kept.firstBad];
    return { source, sha256: kept.sha256 ?? '', proposals, others: 0, bad };
  };
  const saidBy = async (from: VexSource): Promise<Said> =>
    'feed' in from ? await ofFeed(from.feed) : documentSays(from);

  return {
    planVex: async (from) => {
      const { source, sha256, proposals, others, bad } = await saidBy(from);
      const changes = changesOf(context.vault().state(), proposals);
      return {
        source,
        sha256,
        planHash: planHashOf(source, sha256, changes),
        statements: proposals.length,
        others,
        bad: bad.slice(0, mostBadShown),
        total: changes.length,
        proposals: changes.slice(0, mostShown),
      };
    },

    applyVex: async ({ planHash, ...from }) => {
      const { source, sha256, proposals } = await saidBy(from);
      const { result } = await context.commit((state) => {
        const changes = changesOf(state, proposals);
        // Also where somebody here has assessed one of them since.
        if (planHashOf(source, sha256, changes) !== planHash)
          throw new LatchkeyError('INVALID_INPUT', ['vexPlanStale']);
        const assessments = changes.slice(0, mostApplied).map(({ assessment }) => assessment);
        const origin = { source, sha256, count: assessments.length };
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
      const all = [...state.assessments.values()];
      const document = vexDocumentOf(all, {
        author: state.organizationName,
        atMs,
        nameOf: ({ by }) => state.operators.get(by)?.name ?? by,
      });
      const day = new Date(atMs).toISOString().slice(0, 10);
      return {
        fileName: `openvex-${day}.json`,
        // OpenVEX 0.2.0 asks for one statement at least.
        text: all.length === 0 ? '' : `${JSON.stringify(document, undefined, 2)}\n`,
        count: all.length,
      };
    },
  };
}

type VexSource = Parameters<Handlers['curation']['planVex']>[0];
type Said = {
  /** For the log. */
  readonly source: string;
  readonly sha256: string;
  readonly proposals: readonly Proposal[];
  readonly others: number;
  readonly bad: readonly string[];
};

/** @throws LatchkeyError INVALID_INPUT naming the source */
function documentSays({ source, text }: Extract<VexSource, { text: string }>): Said {
  const refuse = (why: string): never => {
    throw new LatchkeyError('INVALID_INPUT', ['vexDocument', source, why]);
  };
  const parsed = parseStrictJson(text, documentBounds);
  if (!parsed.ok)
    return refuse(parsed.why === 'duplicate-key' ? `duplicate key ${parsed.detail ?? ''}` : parsed.why);
  const read = proposalsOf(parsed.value);
  if (!read.ok) return refuse(read.problem);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { source, sha256, proposals: read.proposals, others: read.others, bad: read.bad };
}

const planHashOf = (source: string, sha256: string, changes: readonly VexProposal[]): string =>
  createHash('sha256')
    .update(JSON.stringify([source, sha256, changes]))
    .digest('hex');

/** Those that are not said here already. What somebody here has found out since is not proposed over. */
function changesOf(state: OrganizationState, proposals: readonly Proposal[]): VexProposal[] {
  return proposals.flatMap(({ assessment, author, atMs }) => {
    const before = state.assessments.get(assessmentKey(assessment));
    if (before !== undefined && (before.status === assessment.status || before.atMs >= atMs)) return [];
    return [{ assessment, author, atMs, ...(before === undefined ? {} : { before: before.status }) }];
  });
}
