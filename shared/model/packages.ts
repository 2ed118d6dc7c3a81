/** Names for packages and what people say about them. Shared by policies, curation, gateway and screens. */
import { z } from 'zod';
import { lineProblem } from './text.ts';

/** Longest texts about packages; generous for people, tight for attackers. */
export const packageLimits = {
  nameChars: 214,
  specChars: 512,
  versionChars: 128,
  labelChars: 64,
  labels: 32,
  specs: 5000,
  evidenceChars: 2048,
  licenseChars: 1000,
} as const;

/** Whose names and versions these are: those of conda (CEPs 26, 33) or of the Python Package Index (PEPs 503, 440). */
export const ecosystem = z.enum(['conda', 'pypi']);
export type Ecosystem = z.infer<typeof ecosystem>;

/** A package's name, normalised as its ecosystem does (PEP 503; CEP 26: lower case). */
export const packageName = z
  .string()
  .min(1)
  .max(packageLimits.nameChars)
  .regex(/^[a-z0-9_][a-z0-9._-]*$/, 'is not a valid package name');

/** The same as somebody types it; as long as a file's name may be. */
export const spelledPackageName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, 'is not a valid package name');

export const packageVersion = z
  .string()
  .min(1)
  .max(packageLimits.versionChars)
  .regex(/^[A-Za-z0-9!._+-]+$/, 'is not a valid version');

/** Packages by name and versions: a MatchSpec without a channel (CEP 29) or a requirement without extras (PEP 508). */
export const packageSpec = z
  .object({ ecosystem, spec: z.string().trim().min(1).max(packageLimits.specChars) })
  .readonly();
export type PackageSpec = z.infer<typeof packageSpec>;

/** A name that people put on packages, e.g. `approved`. */
export const packageLabel = z
  .string()
  .min(1)
  .max(packageLimits.labelChars)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'use lower-case letters, digits, "-", "_" and "."');

/** What an organization found out about an advisory and a package of its own, as Anaconda's curators say it. */
export const curatedStatuses = ['reported', 'active', 'mitigated', 'cleared', 'disputed'] as const;
export const curatedStatus = z.enum(curatedStatuses);
export type CuratedStatus = z.infer<typeof curatedStatus>;

/** Why a package is not affected (OpenVEX 0.2.0, status justifications). */
export const vexJustification = z.enum([
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
]);
export type VexJustification = z.infer<typeof vexJustification>;

/** The id of an advisory in any database: `CVE-2024-1`, `GHSA-…`, `PYSEC-…`, `MAL-…`. */
export const advisoryId = z
  .string()
  .min(3)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'is not a valid advisory id');

/** One line of free text about a package. */
export const packageText = z
  .string()
  .trim()
  .max(packageLimits.evidenceChars)
  .refine((text) => lineProblem(text) === undefined, { error: ({ input }) => lineProblem(String(input)) });
