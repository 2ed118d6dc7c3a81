/**
 * How bad an advisory is. Scores come from a CVSS library that has to be guarded: of an incomplete vector it makes 0, of an
 * unknown version one of version 2, and of doubled metrics it takes the last. Here such vectors have no score.
 */
import type { Cvss2, Cvss3P0, Cvss3P1, Cvss4P0 } from 'ae-cvss-calculator';
import * as calculator from 'ae-cvss-calculator';

/** A CommonJS module whose names Node does not see. */
const cvss = (calculator as { readonly default?: typeof calculator }).default ?? calculator;

/** From the least to the most. Where nothing is known there is none of them: `unknown` is a case of its own. */
export const severities = ['none', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** A vector of version 4 with all its metrics has 230 characters. */
const maxVectorLength = 400;

const metric = /^[A-Z][A-Za-z]{0,2}:[A-Za-z]{1,6}$/;

/**
 * The base score of a CVSS vector, from 0 to 10. What others think of its threat or their environment does not count.
 *
 * @param vector of version 2, 3.0, 3.1 or 4.0, e.g. `CVSS:3.1/AV:N/…`; version 2 has no prefix
 * @returns undefined for anything but a complete vector of known metrics, each once
 */
export function cvssScore(vector: string): number | undefined {
  if (vector.length > maxVectorLength) return undefined;
  const prefix = /^CVSS:[^/]*/.exec(vector)?.[0];
  const metrics = (prefix === undefined ? vector : vector.slice(prefix.length + 1)).split('/');
  const names = new Set(metrics.map((text) => text.split(':')[0]));
  if (names.size < metrics.length || !metrics.every((text) => metric.test(text))) return undefined;
  const parsed = parsedBy(prefix, vector);
  if (parsed === undefined || !parsed.vector.isBaseFullyDefined()) return undefined;
  const isKnown = (text: string): boolean => {
    const [name = '', value] = text.split(':');
    return parsed.vector.getComponentByStringOpt(name)?.shortName === value;
  };
  const score = metrics.every(isKnown) ? parsed.base() : undefined;
  return score !== undefined && score >= 0 && score <= 10 ? score : undefined;
}

type Parsed = {
  readonly vector: Cvss2 | Cvss3P0 | Cvss3P1 | Cvss4P0;
  readonly base: () => number | undefined;
};

function parsedBy(prefix: string | undefined, text: string): Parsed | undefined {
  try {
    return parse(prefix, text);
  } catch {
    // The library's way to say that it does not know a metric or its value.
    return undefined;
  }
}

function parse(prefix: string | undefined, text: string): Parsed | undefined {
  switch (prefix) {
    case undefined: {
      const vector = new cvss.Cvss2(text);
      return { vector, base: () => vector.calculateScores().base };
    }
    case 'CVSS:3.0': {
      const vector = new cvss.Cvss3P0(text);
      return { vector, base: () => vector.calculateScores().base };
    }
    case 'CVSS:3.1': {
      const vector = new cvss.Cvss3P1(text);
      return { vector, base: () => vector.calculateScores().base };
    }
    case 'CVSS:4.0': {
      const vector = new cvss.Cvss4P0(text);
      return { vector, base: () => vector.calculateScores().baseMetricsOnly };
    }
    default:
      return undefined;
  }
}

/** The qualitative scale of CVSS 3 and 4 (FIRST, "Qualitative Severity Rating Scale"). @param score from 0 to 10 */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'none';
}

/** The severity of a vector. NVD's scale for version 2 ends with `high`. */
export function severityOfVector(vector: string): Severity | undefined {
  const score = cvssScore(vector);
  if (score === undefined) return undefined;
  const severity = severityOfScore(score);
  return severity === 'critical' && !vector.startsWith('CVSS:') ? 'high' : severity;
}

/** Words of databases: GitHub says `MODERATE`. */
export function severityOfWord(word: string): Severity | undefined {
  const lower = word.trim().toLowerCase();
  if (lower === 'moderate') return 'medium';
  if (lower === 'important') return 'high';
  return severities.find((severity) => severity === lower);
}

/** Where only a word is known: the least that it may mean, so that nothing is made worse than somebody said. */
export function lowestScoreOf(severity: Severity): number {
  return lowestScores[severity];
}
const lowestScores: Readonly<Record<Severity, number>> = {
  none: 0,
  low: 0.1,
  medium: 4,
  high: 7,
  critical: 9,
};

/** @returns the worst of those that are known; undefined if none is */
export function highestSeverity(found: readonly (Severity | undefined)[]): Severity | undefined {
  return severities.findLast((severity) => found.includes(severity));
}
