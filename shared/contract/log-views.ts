/** What the request log of a data folder says. */
import { z } from 'zod';
import { channelId, environmentId, teamId, tokenId } from '../model/ids.ts';
import { retention } from '../model/log-keeping.ts';
import { loggedFileQuery } from '../model/logged-file.ts';
import { atMs, count } from './atoms.ts';

/** From the first on, up to before the second. */
const period = { fromMs: atMs.optional(), toMs: atMs.optional() };
const page = {
  limit: z.number().int().min(1).max(1000).default(100),
  /** `next` of the page before. */
  cursor: z.string().max(8192).optional(),
};
const next = z.string().optional();

export const logRowQuery = z.object({
  ...period,
  ...page,
  tokenId: tokenId.optional(),
  teamId: teamId.optional(),
  environmentId: environmentId.optional(),
  channelId: channelId.optional(),
  kind: z.enum(['download', 'cut', 'refusal']).optional(),
  policyName: z.string().min(1).max(128).optional(),
  file: loggedFileQuery.optional(),
  /** Opens address and user of CI, as far as they are still kept; admins only. */
  open: z.boolean().default(false),
});

/** A file as rows name it; what a row did not say is ''. */
const loggedFile = z.object({
  ecosystem: z.enum(['conda', 'pypi', '']),
  name: z.string(),
  version: z.string(),
  filename: z.string(),
  sha256: z.string(),
});
const whose = {
  tokenId: z.string(),
  /** Names as they are now; of a team and an environment that were removed since, the id. Absent where there was none. */
  holder: z.string().optional(),
  team: z.string().optional(),
  environment: z.string().optional(),
};

export const logRowView = z.object({
  atMs,
  kind: z.enum(['download', 'cut', 'refusal']),
  ...whose,
  channel: z.string().optional(),
  file: loggedFile.optional(),
  bytes: count,
  status: count,
  cache: z.enum(['hit', 'miss', 'fill']).optional(),
  cause: z.string().optional(),
  policyName: z.string().optional(),
  decisionId: z.string().optional(),
  client: z.string(),
  ciProject: z.string().optional(),
  ciJob: z.string().optional(),
  /** Where it was opened, and could be. */
  address: z.string().optional(),
  ciUser: z.string().optional(),
});
export type LogRowView = Readonly<z.infer<typeof logRowView>>;
export const logRowPage = z.object({
  rows: z.array(logRowView),
  next,
  /** Rows whose persons were asked for and are not kept any more, or are sealed to others. */
  unopened: count,
});

const tally = { count, bytes: count, firstMs: atMs, lastMs: atMs };

export const whoHasQuery = z.object({ ...period, ...page, file: loggedFileQuery });
export const holdingView = z.object({ file: loggedFile, ...whose, ...tally });
export const holdingPage = z.object({ holdings: z.array(holdingView), next });

export const installedQuery = z.object({
  ...period,
  ...page,
  where: z.union([
    z.object({ environmentId }).strict(),
    z.object({ teamId }).strict(),
    z.object({ tokenId }).strict(),
  ]),
});
export const installedView = z.object({ file: loggedFile, ...tally });
export const installedPage = z.object({ files: z.array(installedView), next });

export const refusalQuery = z.object({
  ...period,
  ...page,
  policyName: z.string().min(1).max(128).optional(),
});
export const refusalView = z.object({
  dayMs: atMs,
  /** '' where no policy spoke. */
  policyName: z.string(),
  cause: z.string(),
  environment: z.string().optional(),
  count,
  lastMs: atMs,
});
export const refusalPage = z.object({ refusals: z.array(refusalView), next });

export const clientQuery = z.object({ ...period, ...page, tokenId });
/** A program, and the project and job that it ran for; '' where it did not say. */
export const clientView = z.object({
  client: z.string(),
  ciProject: z.string(),
  ciJob: z.string(),
  requests: count,
  /** Of those. */
  refused: count,
  firstMs: atMs,
  lastMs: atMs,
});
export const clientPage = z.object({ clients: z.array(clientView), next });

export const indexUseQuery = z.object({
  ...period,
  ...page,
  per: z.enum(['hour', 'day']),
  tokenId: tokenId.optional(),
  channelId: channelId.optional(),
});
export const indexUseView = z.object({ fromMs: atMs, allowed: count, denied: count, failed: count });
export const indexUsePage = z.object({ uses: z.array(indexUseView), next });

/** All that a token did, also where its rows are gone; `use` is absent where nothing is known. */
export const tokenUseView = z.object({
  use: z
    .object({
      firstMs: atMs,
      /** Of what is counted only, known to the hour. */
      lastMs: atMs,
      downloads: count,
      cut: count,
      refusals: count,
      indexRequests: count,
    })
    .optional(),
});

/** About how much room a retention takes, once the log is as old as that. */
export const retentionPreview = z.object({
  /** With what is sealed in them; at most `maxBytes`. */
  rowsBytes: count,
  maxBytes: count,
  /** Rows go for room after about so many days, before their time; absent where there is room for all. */
  fullAfterDays: count.optional(),
  /** Keys that open what is sealed. */
  personalBytes: count,
  rollupBytes: count,
  /** Of how many days that is reckoned; 0: nothing is known yet. */
  measuredDays: count,
  /** Of what is there, about what it takes away. */
  goneBytes: count,
});

/** A clock so far ahead of the last known time that nothing goes by it, and for how many days more. */
const doubtedClock = z.object({ clockMs: atMs, daysLeft: count }).optional();

export const logStatus = z.object({
  retention,
  rows: count,
  /** What lies on the disk: segments and databases of rows, and sums. */
  rowsBytes: count,
  rollupBytes: count,
  /** How much of the former there may be. */
  maxBytes: count,
  /** Rows up to then went before their time, as there was no more room. */
  roomToMs: atMs.optional(),
  doubtedClock,
  rowsDays: count,
  rollupDays: count,
  /** Rows that a gateway could not write. */
  dropped: count,
  /** Damaged segments that were put aside, from the log's folder on; at most 20 of `asideCount`. */
  aside: z.array(z.string()),
  asideCount: count,
  /** When the vault was told last how far the log had come. */
  anchoredAtMs: atMs.optional(),
});

/** What went, or would go, by the retention in force. */
export const logPruned = z.object({
  /** Whole segments. */
  segments: count,
  /** Segments whose addresses and users of CI nobody can open any more. */
  persons: count,
  /** Of the segments' files. */
  bytes: count,
  /** What went before its time, as there was no more room; not among the others. */
  forRoom: z.object({ segments: count, bytes: count, toMs: atMs }).optional(),
  doubtedClock,
});

export type LogPruned = Readonly<z.infer<typeof logPruned>>;

/** Worst first. `missing`: the vault or another segment names it, and it is neither there nor retired. */
const segmentState = z.enum(['tampered', 'missing', 'damaged', 'not-closed', 'open', 'retired', 'whole']);
export type LogSegmentState = z.infer<typeof segmentState>;

/** The full check of the request log, a job with progress. */
export const logVerifyView = z.object({
  state: z.enum(['idle', 'running', 'done', 'cancelled', 'failed']),
  /** Segments. */
  checked: count,
  total: count,
  rows: count,
  counts: z.record(segmentState, count),
  /** Segments whose MACs this operator could check; of the others only signatures and chain. */
  macsChecked: count,
  /** Closed segments signed by a gateway that neither the vault nor this computer vouches for. */
  unknownSigner: count,
  /** What is wrong with which segment, in words, the worst first; at most 100 of `problemCount`. */
  problems: z.array(z.object({ segment: z.string(), state: segmentState, what: z.array(z.string()) })),
  problemCount: count,
  /** Why the check itself could not be done. */
  problem: z.string().optional(),
});
export type LogVerifyView = Readonly<z.infer<typeof logVerifyView>>;

export const lookUpView = z.object({
  atMs,
  by: z.string(),
  /** In words: whose rows. */
  subject: z.string(),
  fromMs: atMs,
  toMs: atMs,
  opened: z.boolean(),
});
export type LookUpView = Readonly<z.infer<typeof lookUpView>>;
