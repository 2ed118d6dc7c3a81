/**
 * Records of the OSV format (schema 1.x), from feeds that are not ours: parsed with bounds, and cut down to what decides.
 * Ranges of type GIT say nothing about releases and are left out, and so are packages of other ecosystems.
 */
import { z } from 'zod';
import type { Advisory, AffectedPackage, AffectedRange, RangeEvent } from './advisory.ts';
import {
  cvssScore,
  highestSeverity,
  lowestScoreOf,
  severityOfVector,
  severityOfWord,
  type Severity,
} from './severity.ts';
import { normalName, type Ecosystem } from './ecosystem.ts';
import { printable } from './printable.ts';

/** The largest real ones have 1,132 versions (PyPI) and a few thousand packages (malware campaigns): ten times that. */
const most = {
  aliases: 1000,
  affected: 20_000,
  versions: 20_000,
  ranges: 200,
  events: 2000,
  severities: 50,
  vectors: 100,
};

const text = (length: number) => z.string().min(1).max(length);
/** Ids and versions are short; controls in them would forge log lines. */
const word = text(300).regex(/^[^\p{Cc}]+$/u);
/** Times only inform: a broken one (real: `1-01-01T00:00:00Z`) must not cost the record. */
const timeMs = z.iso
  .datetime({ offset: true })
  .max(64)
  .transform((time) => Date.parse(time))
  .optional()
  .catch(undefined);

/** Only shown. */
const prose = z.string().optional().catch(undefined);

const severity = z.object({ type: text(64), score: text(512) });
const named = z.object({ severity: z.unknown() }).optional().catch(undefined);

const event = z.object({
  introduced: word.optional(),
  fixed: word.optional(),
  last_affected: word.optional(),
  limit: word.optional(),
});

const affected = z.object({
  package: z.object({ ecosystem: text(300), name: word }).optional(),
  severity: z.array(severity).max(most.severities).nullish(),
  ranges: z
    .array(z.object({ type: text(64), events: z.array(event).max(most.events) }))
    .max(most.ranges)
    .nullish(),
  versions: z.array(word).max(most.versions).nullish(),
  ecosystem_specific: named,
  database_specific: named,
});

const record = z.object({
  /** Named in policies and on command lines. */
  id: word.regex(/^\S+$/u),
  modified: timeMs,
  published: timeMs,
  withdrawn: timeMs,
  aliases: z.array(word).max(most.aliases).nullish(),
  severity: z.array(severity).max(most.severities).nullish(),
  affected: z.array(affected).max(most.affected).nullish(),
  database_specific: named,
  summary: prose,
  details: prose,
});

type OsvRecord = z.infer<typeof record>;
type OsvAffected = z.infer<typeof affected>;

export type ParsedOsv =
  | { readonly ok: true; readonly advisory: Advisory }
  /** @property problem what is wrong and where, e.g. `affected.0.versions: …` */
  | { readonly ok: false; readonly problem: string };

/** @param input one record, parsed from JSON */
export function parseOsv(input: unknown): ParsedOsv {
  const parsed = record.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { ok: false, problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
  }
  const vectors = vectorsOf(parsed.data);
  // A score takes a millisecond.
  if (vectors.length > most.vectors)
    return { ok: false, problem: `severity: more than ${most.vectors} different vectors` };
  return { ok: true, advisory: advisoryOf(parsed.data, vectors) };
}

function advisoryOf(data: OsvRecord, vectors: readonly string[]): Advisory {
  const { id, modified, published, withdrawn } = data;
  const worst = worstOf(data, vectors);
  const score = highestScore(data, vectors);
  const summary = summaryOf(data);
  return {
    id,
    aliases: [...new Set(data.aliases ?? [])].filter((alias) => alias !== id),
    ...(modified === undefined ? {} : { modifiedMs: modified }),
    ...(published === undefined ? {} : { publishedMs: published }),
    ...(withdrawn === undefined ? {} : { withdrawnMs: withdrawn }),
    ...(worst === undefined ? {} : { severity: worst }),
    ...(score === undefined ? {} : { score }),
    ...(summary === '' ? {} : { summary }),
    isMalware: id.startsWith('MAL-'),
    affected: (data.affected ?? []).flatMap(affectedOf),
  };
}

function worstOf(data: OsvRecord, vectors: readonly string[]): Severity | undefined {
  return highestSeverity([...vectors.map(severityOfVector), ...wordsOf(data)]);
}

/** A vector counts before a word: `HIGH` beside one of 7.5 says nothing more. */
function highestScore(data: OsvRecord, vectors: readonly string[]): number | undefined {
  const scores = vectors.flatMap((vector) => cvssScore(vector) ?? []);
  const words = scores.length > 0 ? [] : wordsOf(data).map(lowestScoreOf);
  const all = [...scores, ...words];
  return all.length === 0 ? undefined : all.reduce((a, b) => Math.max(a, b));
}

/** Those whose type and vector agree, each once: `CVSS_V3` means 3.0 and 3.1. */
function vectorsOf(data: OsvRecord): readonly string[] {
  const found = [data, ...(data.affected ?? [])]
    .flatMap((one) => one.severity ?? [])
    .filter(({ type, score }) => {
      const version = /^CVSS_V([234])$/.exec(type)?.[1];
      return version === (/^CVSS:([34])\./.exec(score)?.[1] ?? '2');
    })
    .map(({ score }) => score);
  return [...new Set(found)];
}

function wordsOf(data: OsvRecord): Severity[] {
  return [
    data.database_specific,
    ...(data.affected ?? []).flatMap((one) => [one.ecosystem_specific, one.database_specific]),
  ].flatMap((one) => (typeof one?.severity === 'string' ? (severityOfWord(one.severity) ?? []) : []));
}

/** Most of PyPI's own records have no summary: then it is how the details begin. */
function summaryOf({ summary = '', details = '' }: OsvRecord): string {
  const [first = ''] = (summary.trim() === '' ? details.trim().slice(0, 1000) : summary).split(/\r?\n/);
  return printable(first, maxSummaryChars);
}
const maxSummaryChars = 200;

function affectedOf({ package: named, versions, ranges }: OsvAffected): AffectedPackage[] {
  const ecosystem = ecosystemOf(named?.ecosystem ?? '');
  if (ecosystem === undefined || named === undefined) return [];
  return [
    {
      ecosystem,
      name: normalName(ecosystem, named.name),
      versions: versions ?? [],
      ranges: (ranges ?? [])
        .filter(({ type }) => type === 'ECOSYSTEM' || type === 'SEMVER')
        .map(({ events }): AffectedRange => events.flatMap(eventsOf)),
    },
  ];
}

/**
 * Whether a record is about packages of others only (npm, Maven, …), and so says nothing here. One without any may still
 * bring a score to another by its alias.
 */
export function isOfOthers(input: unknown): boolean {
  const { success, data } = ecosystems.safeParse(input);
  return success && data.affected.every(({ package: { ecosystem } }) => ecosystemOf(ecosystem) === undefined);
}

/** Made once: it takes longer to make than to read a record. */
const ecosystems = z.object({
  affected: z.array(z.object({ package: z.object({ ecosystem: z.string() }) })).min(1),
});

/** `PyPI`, or with the index behind a colon. */
function ecosystemOf(name: string): Ecosystem | undefined {
  const [base = ''] = name.toLowerCase().split(':');
  return base === 'pypi' || base === 'conda' ? base : undefined;
}

function eventsOf({ introduced, fixed, last_affected, limit }: z.infer<typeof event>): RangeEvent[] {
  return [
    ...(introduced === undefined ? [] : [{ type: 'introduced' as const, version: introduced }]),
    ...(fixed === undefined ? [] : [{ type: 'fixed' as const, version: fixed }]),
    ...(last_affected === undefined ? [] : [{ type: 'lastAffected' as const, version: last_affected }]),
    ...(limit === undefined ? [] : [{ type: 'limit' as const, version: limit }]),
  ];
}
