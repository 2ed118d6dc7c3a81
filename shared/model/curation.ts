/** What an organization says about packages itself, and where its facts come from. */
import { z } from 'zod';
import { atMs, httpUrl, limits, reason, slug } from './domain.ts';
import { operatorId } from './ids.ts';
import {
  advisoryId,
  curatedStatus,
  ecosystem,
  packageLabel,
  packageLimits,
  packageName,
  packageText,
  packageVersion,
  vexJustification,
} from './packages.ts';

const packageRef = { ecosystem, name: packageName, version: packageVersion.optional() };

/** Labels of a package, or of one version. */
export const labelled = z
  .object({ ...packageRef, labels: z.array(packageLabel).max(packageLimits.labels).readonly() })
  .readonly();
export type Labelled = z.infer<typeof labelled>;

/** What people found out about an advisory for a package. */
export const assessmentDraft = z
  .object({
    advisoryId,
    ...packageRef,
    status: curatedStatus,
    justification: vexJustification.optional(),
    reason,
    evidence: packageText,
  })
  .readonly();
export const assessment = assessmentDraft.unwrap().extend({ atMs, by: operatorId }).readonly();
export type Assessment = z.infer<typeof assessment>;

export const feedKinds = ['osv', 'kev', 'epss', 'vex'] as const;
/** Where facts come from; fetched by the app, or read from a folder or file of this computer. */
export const feed = z
  .object({
    name: slug,
    kind: z.enum(feedKinds),
    source: z.discriminatedUnion('type', [
      z
        .object({
          type: z.literal('url'),
          url: httpUrl,
          /** What of the local network it may reach: `host:port`, or a block of addresses. */
          privateHosts: z.array(z.string().max(264)).min(1).max(limits.privateHosts).readonly().optional(),
        })
        .readonly(),
      z.object({ type: z.literal('folder'), label: slug }).readonly(),
    ]),
    everyHours: z.number().int().min(1).max(720),
    staleAfterHours: z.number().int().min(1).max(8760),
  })
  .readonly();
export type Feed = z.infer<typeof feed>;
