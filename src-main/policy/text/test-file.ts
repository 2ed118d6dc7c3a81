/**
 * Tests of policies as people keep them beside the policies: facts about a package, and what is expected. Read strictly,
 * as the policies are; all that a rule may look at is given in the file, so that it says the same on every computer.
 */
import { z } from 'zod';
import { slug } from '../../../shared/model/domain.ts';
import { curatedStatus, packageLabel, packageLimits } from '../../../shared/model/packages.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { issueText } from '../../base/issue-text.ts';
import { failed } from './first-issue.ts';
import { readStrictYaml } from './strict-yaml.ts';

const words = texts.policyText;

/** More than anybody writes by hand; bounds what a text may make of our memory. */
const maxTests = 10_000;

/** A day, or a time in UTC; milliseconds since the epoch. */
const when = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/, words.badTime)
  .transform((text, context) => {
    const atMs = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
    if (Number.isNaN(atMs)) context.addIssue({ code: 'custom', message: words.badTime });
    return atMs;
  });

const advisory = z.strictObject({
  id: z.string().min(1).max(64),
  malware: z.boolean().default(false),
  score: z.number().min(0).max(10).optional(),
  exploited: z.boolean().default(false),
  epss: z.number().min(0).max(1).optional(),
  published: when.optional(),
  fixedIn: z.string().max(packageLimits.versionChars).optional(),
  status: curatedStatus.optional(),
});

const test = z.strictObject({
  /** Shown where it fails; the package otherwise. */
  name: z.string().min(1).max(200).optional(),
  package: z
    .string()
    .max(512)
    .regex(/^(?:conda|pypi):[A-Za-z0-9_][A-Za-z0-9._-]*==[A-Za-z0-9!._+-]+$/, words.packageExpected),
  team: slug,
  environment: slug,
  channel: slug,
  expect: z.enum(['allow', 'deny']),
  /** The policies that deny it, all of them; absent: any. */
  by: z.union([slug.transform((name) => [name]), z.array(slug).min(1)]).optional(),
  /** What time it is. */
  now: when.optional(),
  kind: z.enum(['conda', 'wheel', 'sdist']).optional(),
  build: z.string().max(128).optional(),
  buildNumber: z.number().int().min(0).optional(),
  platforms: z.array(z.string().min(1).max(64)).max(64).optional(),
  license: z.string().max(1024).optional(),
  published: when.optional(),
  yanked: z.union([z.boolean(), z.string().max(512)]).optional(),
  removed: z.boolean().default(false),
  project: z.enum(['active', 'archived', 'quarantined', 'deprecated']).optional(),
  newest: z.strictObject({ version: z.string().min(1).max(128), published: when.optional() }).optional(),
  labels: z.array(packageLabel).max(packageLimits.labels).default([]),
  /** `none`: no advisories are there at all. */
  advisories: z.union([z.literal('none'), z.array(advisory).max(1000)]).default([]),
});
type PolicyTest = z.infer<typeof test>;

const file = z.strictObject({
  /** For tests that do not say themselves what time it is. */
  now: when.optional(),
  tests: z.array(test).max(maxTests),
});
const members = [...Object.keys(file.shape), ...Object.keys(test.shape), ...Object.keys(advisory.shape)];

/** A test, and the line where it begins, from 1. */
export type PlacedTest = PolicyTest & { readonly line: number };
export type ReadTests =
  | { readonly ok: true; readonly tests: readonly PlacedTest[] }
  | { readonly ok: false; readonly line: number; readonly why: string };

/** @returns the tests in the order of the text */
export function readPolicyTests(text: string): ReadTests {
  const yaml = readStrictYaml(text);
  if (!yaml.ok) return yaml;
  const parsed = file.safeParse(yaml.value, { error: issueText });
  if (!parsed.success) return failed(parsed.error, yaml, members);
  const { now, tests } = parsed.data;
  return {
    ok: true,
    tests: tests.map((one, index) => ({
      ...(now === undefined ? {} : { now }),
      ...one,
      line: yaml.lineOf(['tests', index]),
    })),
  };
}
