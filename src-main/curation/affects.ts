/** Whether an advisory is about a version: the evaluation of the OSV schema, in the ecosystem's own order. */
import { compareCondaVersions, parseCondaVersion } from '../policy/conda/conda-version.ts';
import { compareRattlerVersions, parseRattlerVersion } from '../policy/conda/rattler-version.ts';
import { versionOfBuild } from '../policy/packages/version-key.ts';
import { comparePep440, parsePep440 } from '../policy/pep440/version.ts';
import { TextCache } from '../base/text-cache.ts';
import type { Advisory, AffectedPackage, AffectedRange, RangeEvent } from './advisory.ts';
import { normalName, type Ecosystem } from './ecosystem.ts';

/** `unknown`: a version that the order cannot read, or a record that names no release at all. */
export type Affected = 'affected' | 'unaffected' | 'unknown';

export type PackageVersion = {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly version: string;
};

type Judge = (version: string) => Affected;
type Order<V> = {
  readonly parse: (text: string) => V | undefined;
  readonly compare: (a: V, b: V) => number;
};

/** Many packages have versions that are written alike, and each is asked about again for every record of its name. */
const keptVersions = 4096;
const maxKeptLength = 64;

function remembering<V>({ parse, compare }: Order<V>): Order<V> {
  const known = new TextCache<{ readonly version: V | undefined }>(keptVersions, maxKeptLength);
  return { parse: (text) => known.getOrMake(text, () => ({ version: parse(text) })).version, compare };
}

const orders = {
  pypi: remembering({ parse: parsePep440, compare: comparePep440 }),
  conda: remembering({ parse: parseCondaVersion, compare: compareCondaVersions }),
  rattler: remembering({ parse: parseRattlerVersion, compare: compareRattlerVersions }),
};

/** conda has two orders: what one program and what the other takes for newer. Either is enough. */
const judgesOf: Readonly<Record<Ecosystem, (entry: AffectedPackage) => readonly Judge[]>> = {
  pypi: (entry) => {
    const judge = judgeOf(entry, orders.pypi);
    return namesLocal(entry) ? [judge] : [judge, (text) => ofPublic(text, judge)];
  },
  conda: (entry) => [judgeOf(entry, orders.conda), judgeOf(entry, orders.rattler)],
};

/** Such a record knows builds apart; no other means to leave them out. */
const namesLocal = ({ versions, ranges }: AffectedPackage): boolean =>
  versions.some(hasLocal) || ranges.some((events) => events.some(({ version }) => hasLocal(version)));
const hasLocal = (text: string): boolean => text.includes('+');

/** `1.0+cu121` is a build of 1.0: `==1.0` and `<=1.0` mean it too (PEP 440), though it comes after 1.0 in the order. */
function ofPublic(text: string, judge: Judge): Affected {
  const version = versionOfBuild('pypi', text);
  return version === undefined ? 'unaffected' : judge(version);
}

/** Versions are parsed once for each record, when it is first asked about; gone with it. */
const kept = new WeakMap<AffectedPackage, readonly Judge[]>();

/** A withdrawn advisory is about nothing. */
export function affects(
  advisory: Pick<Advisory, 'withdrawnMs' | 'affected'>,
  { ecosystem, name, version }: PackageVersion,
): Affected {
  if (advisory.withdrawnMs !== undefined) return 'unaffected';
  const wanted = normalName(ecosystem, name);
  return worst(
    advisory.affected
      .filter((entry) => entry.ecosystem === ecosystem && entry.name === wanted)
      .flatMap((entry) => keptJudges(entry).map((judge) => judge(version))),
  );
}

function keptJudges(entry: AffectedPackage): readonly Judge[] {
  const found = kept.get(entry) ?? judgesOf[entry.ecosystem](entry);
  kept.set(entry, found);
  return found;
}

function worst(found: readonly Affected[]): Affected {
  if (found.includes('affected')) return 'affected';
  return found.includes('unknown') ? 'unknown' : 'unaffected';
}

function judgeOf<V>({ versions, ranges }: AffectedPackage, order: Order<V>): Judge {
  // Only commits were named, so nothing is known about releases.
  if (versions.length === 0 && ranges.length === 0) return () => 'unknown';
  const written = new Set(versions);
  const sorted = versions
    .map(order.parse)
    .filter((version) => version !== undefined)
    .toSorted(order.compare);
  const rangeJudges = ranges.map((events) => rangeJudge(events, order));
  return (text) => {
    if (written.has(text)) return 'affected';
    const version = order.parse(text);
    if (version === undefined) return ranges.length === 0 ? 'unaffected' : 'unknown';
    if (includes(sorted, version, order)) return 'affected';
    return worst(rangeJudges.map((judge) => judge(version)));
  };
}

function includes<V>(sorted: readonly V[], version: V, { compare }: Order<V>): boolean {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const candidate = sorted[middle];
    const sign = candidate === undefined ? 0 : compare(candidate, version);
    if (sign === 0) return true;
    if (sign < 0) from = middle + 1;
    else to = middle;
  }
  return false;
}

type Step<V> = { readonly type: RangeEvent['type']; readonly version: V | 'first' };

/** The events in their order, of which the last one that has happened decides. */
function rangeJudge<V>(events: AffectedRange, order: Order<V>): (version: V) => Affected {
  const isBounded = events.some(({ type }) => type === 'limit') && !events.some(isEndless);
  const steps = events
    .filter((event) => !isEndless(event))
    .map(({ type, version }) => stepOf(type, version, order));
  const known = steps.filter((step) => step !== undefined);
  if (known.length < steps.length) return () => 'unknown';
  const limits = known.filter(({ type }) => type === 'limit');
  const sorted = known.filter(({ type }) => type !== 'limit').toSorted((a, b) => compareSteps(a, b, order));
  return (version) => {
    const last = sorted.findLast((step) => hasHappened(step, version, order));
    const isWithin =
      !isBounded ||
      limits.some((limit) => limit.version !== 'first' && order.compare(version, limit.version) < 0);
    return last?.type === 'introduced' && isWithin ? 'affected' : 'unaffected';
  };
}

const isEndless = ({ type, version }: RangeEvent): boolean => type === 'limit' && version === '*';

function stepOf<V>(type: RangeEvent['type'], text: string, { parse }: Order<V>): Step<V> | undefined {
  if (type === 'introduced' && text === '0') return { type, version: 'first' };
  const version = parse(text);
  return version === undefined ? undefined : { type, version };
}

/** Of two at one version the one that ends the range comes last: a fix is told with the version that has it. */
function compareSteps<V>(a: Step<V>, b: Step<V>, { compare }: Order<V>): number {
  if (a.version === 'first' || b.version === 'first') {
    return Number(b.version === 'first') - Number(a.version === 'first');
  }
  return compare(a.version, b.version) || Number(b.type === 'introduced') - Number(a.type === 'introduced');
}

function hasHappened<V>({ type, version: at }: Step<V>, version: V, { compare }: Order<V>): boolean {
  if (at === 'first') return true;
  const sign = compare(at, version);
  return type === 'lastAffected' ? sign < 0 : sign <= 0;
}
