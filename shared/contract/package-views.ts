/** Packages as policies see them. */
import { z } from 'zod';
import { atMs } from '../model/domain.ts';
import { channelId, environmentId, teamId } from '../model/ids.ts';
import {
  curatedStatus,
  ecosystem,
  packageLabel,
  packageLimits,
  packageName,
  packageVersion,
} from '../model/packages.ts';

/** One reason of a verdict; `evidence` by the rule, words in the catalogue. */
export const verdictReason = z.object({
  policyName: z.string(),
  ruleNo: z.number().int().min(0),
  mode: z.enum(['enforce', 'observe']),
  rule: z.string(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** In words. */
  says: z.string(),
});
export const verdict = z.object({
  effect: z.enum(['allow', 'deny']),
  style: z.enum(['hide', 'refuse']),
  reasons: z.array(verdictReason),
  /** When time alone changes it. */
  changesAtMs: atMs.optional(),
});
export type VerdictView = Readonly<z.infer<typeof verdict>>;

export const packageQuestion = z.object({
  ecosystem,
  name: z.string().trim().min(1).max(packageLimits.nameChars),
  /** Absent: the newest. */
  version: packageVersion.optional(),
  /** Only of this channel; absent: of every channel of the kind that has it. */
  channelId: channelId.optional(),
  teamId: teamId.optional(),
  environmentId: environmentId.optional(),
});

/** An advisory as it concerns one package. */
export const advisoryView = z.object({
  id: z.string(),
  ids: z.array(z.string()),
  isMalware: z.boolean(),
  score: z.number().optional(),
  isExploited: z.boolean(),
  epss: z.number().optional(),
  publishedAtMs: atMs.optional(),
  fixedIn: z.string().optional(),
  status: curatedStatus.optional(),
});
export type AdvisoryView = Readonly<z.infer<typeof advisoryView>>;

/** What is known about one version, and what policies say to it. */
export const packageExplanation = z.object({
  ecosystem,
  name: packageName,
  version: z.string(),
  channels: z.array(
    z.object({
      channelId,
      channelName: z.string(),
      files: z.array(
        z.object({
          filename: z.string(),
          license: z.string().optional(),
          publishedAtMs: atMs.optional(),
          yanked: z.union([z.boolean(), z.string()]).optional(),
          /** One per team and environment that was asked about. */
          verdicts: z.array(z.object({ teamId, environmentId, verdict })),
        }),
      ),
    }),
  ),
  advisories: z.array(advisoryView),
  labels: z.array(packageLabel),
  /** Per team and environment: the version nearest to this one that is allowed. */
  nearestAllowed: z.array(z.object({ teamId, environmentId, version: z.string().optional() })),
  /** All versions that the channels have, newest first. */
  versions: z.array(z.string()),
  /** Versions of which no file is allowed, per team and environment. */
  denied: z.array(
    z.object({
      version: z.string(),
      teamId,
      environmentId,
      isHidden: z.boolean(),
      policyName: z.string(),
      says: z.string(),
      /** When time alone changes it. */
      changesAtMs: atMs.optional(),
    }),
  ),
});
export type PackageExplanation = Readonly<z.infer<typeof packageExplanation>>;

export const packageHit = z.object({
  ecosystem,
  name: packageName,
  /** That have it, as far as is known; none: its name is known here, and in no index that is in memory. */
  channels: z.array(z.string()),
  newest: z.string().optional(),
});

/** A decision about a package, for whoever has its id from a terminal. */
export const packageDecision = z.object({
  id: z.string(),
  atMs,
  ecosystem,
  channelName: z.string(),
  filename: z.string(),
  name: z.string(),
  version: z.string(),
  teamId,
  environmentId,
  reasons: z.array(verdictReason),
  /** The version to take instead. */
  nearestAllowed: z.string().optional(),
});
export type PackageDecisionView = Readonly<z.infer<typeof packageDecision>>;
/** As it is read aloud or copied from a terminal, brackets and all. */
export const decisionIdText = z.string().trim().min(1).max(64);

export const hiddenQuestion = z.object({
  channelId,
  teamId,
  environmentId,
  /** Absent: all that the channel has; of PyPI, of projects that were asked for lately. */
  name: z.string().trim().min(1).max(packageLimits.nameChars).optional(),
});
/** Versions that are denied there. */
export const hiddenVersions = z.object({
  versions: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      files: z.number().int(),
      /** Left out of the index; else refused when it is downloaded. */
      isHidden: z.boolean(),
      reasons: z.array(verdictReason),
    }),
  ),
  /** Of all, also of those that are not listed. */
  total: z.number().int(),
});
export type HiddenVersions = Readonly<z.infer<typeof hiddenVersions>>;

const release = z.object({
  channelId,
  channelName: z.string(),
  name: z.string(),
  version: z.string(),
  policyName: z.string(),
  says: z.string(),
  /** When it ends, or ended; absent: when facts come. */
  atMs: atMs.optional(),
});
/** What is denied for a time only, of what was asked for lately. */
export const packageReleases = z.object({
  upcoming: z.array(release),
  upcomingTotal: z.number().int(),
  /** The last ones first. */
  released: z.array(release),
});
export type PackageReleases = Readonly<z.infer<typeof packageReleases>>;
