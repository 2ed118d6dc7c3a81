/** What the organization says about packages, and its facts. */
import { z } from 'zod';
import { atMs, limits } from '../model/domain.ts';
import { assessment, assessmentDraft, feed, labelled } from '../model/curation.ts';
import { ecosystem, packageLimits, packageName, packageText } from '../model/packages.ts';
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
  /** Only about packages that were asked for through a gateway, as far as that is remembered. */
  inUse: z.boolean().default(false),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});
export const advisoryRow = advisoryView.extend({
  ecosystem,
  name: packageName,
  /** In words: which versions are affected. */
  affected: z.string(),
  summary: z.string(),
  /** Of what is asked for through gateways of this data folder, what it is about; absent: nothing that is remembered. */
  inUse: z
    .object({
      lastAtMs: atMs,
      packages: z.array(
        z.object({
          ecosystem,
          name: packageName,
          /** That were asked for and are affected, or may be; none: only the package's page was asked for. */
          versions: z.array(z.string()),
        }),
      ),
    })
    .optional(),
});
export type AdvisoryRow = Readonly<z.infer<typeof advisoryRow>>;
export const advisoryPage = z.object({
  total: z.number().int().min(0),
  rows: z.array(advisoryRow),
  /** Whether any request is remembered: without one nothing is in use as far as is known. */
  knowsUse: z.boolean(),
});

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
/** A feed of kind `vex`, or a document. */
export const maxVexChars = 4 * 1024 * 1024;
export const vexSource = z.union([
  z.object({ feed: feed.unwrap().shape.name }),
  z.object({
    /** Where it comes from, for the log: a file's name. */
    source: packageText.min(1).max(limits.reasonChars),
    text: z.string().max(maxVexChars),
  }),
]);
/** What it proposes that is not said here already. */
export const vexPlan = z.object({
  source: z.string(),
  /** Of what was read. */
  sha256: z.string(),
  /** Of that and of all proposals: what is applied must be what was looked at. */
  planHash: z.string(),
  /** About packages of PyPI and conda. */
  statements: z.number().int().min(0),
  /** About anything else. */
  others: z.number().int().min(0),
  /** Statements that break the rules of the format; a beginning of them. */
  bad: z.array(z.string()),
  total: z.number().int().min(0),
  /** A beginning of them. */
  proposals: z.array(vexProposal),
});
export type VexPlan = Readonly<z.infer<typeof vexPlan>>;

/** conda's name of a package, and PyPI's; null: on PyPI it is nothing, whatever the list of the product says. */
export const mappedName = z.object({ conda: packageName, pypi: packageName.nullable() });
/** What packages call a licence, and the SPDX expression that is meant; null: what the product says, if anything. */
export const licenseAlias = z.object({
  text: packageText.min(1).max(packageLimits.licenseChars),
  expression: packageText.min(1).max(packageLimits.licenseChars).nullable(),
});
/** The two tables that an organization edits: what it says itself goes before what comes with the product. */
export const curationTable = z.enum(['names', 'licenses']);
export type CurationTable = z.infer<typeof curationTable>;
/** What the organization curates, as a file for others. */
export const curationDocument = z.enum(['openvex', ...curationTable.options]);
export type CurationDocument = z.infer<typeof curationDocument>;
export const tableQuery = z.object({
  text: z.string().max(200).default(''),
  /** Only what the organization says itself. */
  own: z.boolean().default(false),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});
export const nameRow = z.object({
  conda: packageName,
  /** Absent: nothing on PyPI. */
  pypi: packageName.optional(),
  isOwn: z.boolean(),
  /** What comes with the product, where the organization says something else. */
  otherwise: packageName.optional(),
  condaPurl: z.string(),
  pypiPurl: z.string().optional(),
});
export const namePage = z.object({ total: z.number().int().min(0), rows: z.array(nameRow) });
export const licenseRow = z.object({
  text: z.string(),
  expression: z.string(),
  isOwn: z.boolean(),
  otherwise: z.string().optional(),
});
export const licensePage = z.object({ total: z.number().int().min(0), rows: z.array(licenseRow) });

/** 20,655 names take 600 kB. */
export const maxTableFileChars = 2 * 1024 * 1024;
/** A file for one of the tables: a JSON object, or CSV with two columns. */
export const tableFile = z.object({
  table: curationTable,
  /** Where it comes from, for the log: a file's name, a URL. */
  source: packageText.min(1).max(limits.reasonChars),
  text: z.string().max(maxTableFileChars),
});
/** What a file would change. */
export const tablePlan = z.object({
  table: curationTable,
  source: z.string(),
  /** Of the file. */
  sha256: z.string(),
  /** Entries of the file. */
  count: z.number().int().min(0),
  /** Of what is applied: it must be what was looked at. */
  planHash: z.string(),
  total: z.number().int().min(0),
  /** A beginning of them; absent `after`: the entry goes, or means nothing. */
  changes: z.array(
    z.object({ key: z.string(), before: z.string().optional(), after: z.string().optional() }),
  ),
});
export type TablePlan = Readonly<z.infer<typeof tablePlan>>;
