/** What the organization says about packages, and its facts. */
import { z } from 'zod';
import { atMs } from '../model/domain.ts';
import { assessment, assessmentDraft, feed, labelled } from '../model/curation.ts';
import { ecosystem, packageName } from '../model/packages.ts';
import { advisoryView } from './package-views.ts';

export { assessmentDraft, feed, labelled };
export const assessmentView = assessment.unwrap().extend({ byName: z.string() });

export const feedView = feed.unwrap().extend({
  /** Of this computer; absent: never. */
  fetchedAtMs: atMs.optional(),
  records: z.number().int().min(0),
  /** Of them, those that its source no longer has: kept until somebody lets them go. */
  gone: z.number().int().min(0),
  isStale: z.boolean(),
  /** A folder of this computer that the label stands for. */
  path: z.string().optional(),
  /** What is wrong with it, in words; the last good facts stay. */
  problem: z.string().optional(),
  /** It has shrunk so much that it waits for somebody to accept it. */
  shrunk: z.object({ from: z.number().int(), to: z.number().int() }).optional(),
  isUpdating: z.boolean(),
});
export type FeedView = Readonly<z.infer<typeof feedView>>;

/** Advisories by what they affect. */
export const advisoryQuery = z.object({
  text: z.string().max(200).default(''),
  ecosystem: ecosystem.optional(),
  /** Only without a status. */
  open: z.boolean().default(false),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});
export const advisoryRow = advisoryView.extend({
  ecosystem,
  name: packageName,
  /** In words: which versions are affected. */
  affected: z.string(),
  summary: z.string(),
});
export type AdvisoryRow = Readonly<z.infer<typeof advisoryRow>>;
export const advisoryPage = z.object({ total: z.number().int().min(0), rows: z.array(advisoryRow) });

/** How many advisories say how severe they are: a rule must say what it does with the others. */
export const factsView = z.object({
  feeds: z.array(feedView),
  version: z.string(),
  counts: z.array(
    z.object({
      ecosystem,
      advisories: z.number().int(),
      withoutScore: z.number().int(),
      malware: z.number().int(),
    }),
  ),
});
export type FactsView = Readonly<z.infer<typeof factsView>>;

/** A statement of somebody else's OpenVEX document, and what it would change here. */
export const vexProposal = z.object({
  assessment: assessmentDraft,
  author: z.string(),
  atMs,
  /** What is said of it here now. */
  before: assessment.unwrap().shape.status.optional(),
});
export type VexProposal = Readonly<z.infer<typeof vexProposal>>;
/** What a feed of kind `vex` proposes that is not said here already. */
export const vexPlan = z.object({
  feed: feed.unwrap().shape.name,
  /** Of what was read: what is applied must be what was looked at. */
  sha256: z.string(),
  total: z.number().int().min(0),
  /** A beginning of them. */
  proposals: z.array(vexProposal),
});
