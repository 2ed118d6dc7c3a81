/**
 * Versions of conda packages as conda itself reads and orders them (CEP 33; conda/models/version.py, `VersionOrder`). The
 * other reading, of odd ones another, is rattler's (rattler-version.ts). Never throws: a text that is no version is
 * undefined.
 */
import { numeralOf } from '../numeral.ts';
import { stripSpace } from '../python-space.ts';
import { compareSegments, equalSegments, maxCondaVersionLength, wordPart, type Segment } from './segments.ts';

export type CondaVersion = {
  /** The epoch is the first segment. */
  readonly main: readonly Segment[];
  readonly local: readonly Segment[];
};

const allowed = /^[*.+!_0-9a-z]+$/;

/** @returns undefined if conda would refuse it, or if it is longer than `maxCondaVersionLength` */
export function parseCondaVersion(text: string): CondaVersion | undefined {
  if (text.length > maxCondaVersionLength) return undefined;
  let version = stripSpace(text).toLowerCase();
  // Dashes count as underscores, but not beside underscores.
  if (version.includes('-') && !version.includes('_')) version = version.replaceAll('-', '_');
  if (!allowed.test(version)) return undefined;
  const epochs = version.split('!');
  if (epochs.length > 2) return undefined;
  const epoch = epochs.length === 2 ? (epochs[0] ?? '') : '0';
  if (!/^\d+$/.test(epoch)) return undefined;
  const [main = '', local, ...more] = (epochs.at(-1) ?? '').split('+');
  if (main === '' || more.length > 0) return undefined;
  const mainSegments = segmentsOf([epoch, ...splitMain(main)]);
  const localSegments = local === undefined ? [] : segmentsOf(local.replaceAll('_', '.').split('.'));
  if (mainSegments === undefined || localSegments === undefined) return undefined;
  return { main: mainSegments, local: localSegments };
}

/** An underscore at the end belongs to the last segment, so that `1.0.1_` comes before `1.0.1a` (openssl). */
function splitMain(main: string): string[] {
  if (!main.endsWith('_')) return main.replaceAll('_', '.').split('.');
  const parts = main.slice(0, -1).replaceAll('_', '.').split('.');
  return [...parts.slice(0, -1), `${parts.at(-1) ?? ''}_`];
}

function segmentsOf(texts: readonly string[]): Segment[] | undefined {
  const segments = texts.map(segmentOf);
  return segments.includes(none) ? undefined : segments;
}

const none: Segment = [];

function segmentOf(text: string): Segment {
  const runs = text.match(/\d+|\*+|[^\d*]+/g);
  if (runs === null) return none;
  const parts = runs.map((run) => (/^\d/.test(run) ? numeralOf(run) : wordPart(run)));
  // Numbers and words stay in phase: `1.a` is `1.0a`.
  return /^\d/.test(text) ? parts : [0, ...parts];
}

/** @returns below 0, 0 or above 0 */
export function compareCondaVersions(a: CondaVersion, b: CondaVersion): number {
  return compareSegments(a.main, b.main) || compareSegments(a.local, b.local);
}

/** What `1.2.*` and `=1.2` ask: equal up to the last part of `prefix`, where a word may go on (`1.0a` and `1.0al`). */
export function condaStartsWith(version: CondaVersion, prefix: CondaVersion): boolean {
  const byLocal = prefix.local.length > 0;
  if (byLocal && !equalSegments(version.main, prefix.main)) return false;
  const whole = byLocal ? version.local : version.main;
  const wanted = byLocal ? prefix.local : prefix.main;
  const last = wanted.length - 1;
  if (!equalSegments(whole.slice(0, last), wanted.slice(0, last))) return false;
  const segment = whole[last] ?? none;
  const wantedSegment = wanted[last] ?? none;
  const lastPart = wantedSegment.length - 1;
  if (!equalSegments([segment.slice(0, lastPart)], [wantedSegment.slice(0, lastPart)])) return false;
  const part = segment[lastPart] ?? 0;
  const wantedPart = wantedSegment[lastPart] ?? 0;
  return typeof wantedPart === 'string'
    ? typeof part === 'string' && part.startsWith(wantedPart)
    : part === wantedPart;
}
