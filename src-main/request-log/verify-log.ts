/**
 * Whether a request log is what its gateways wrote: each segment, and how one follows from the other. Invariant: what
 * went by retention is told as retired, what has no end because its writer was killed as not closed, and everything else
 * that is not as it was as damaged, missing or tampered, by name. It proves that nothing was changed; not that
 * everything was written.
 */
import type { RetiredDoubt, RetiredJudge } from './judge-retired.ts';
import { doubtOf } from './judge-retired.ts';
import type { RetiredSegment } from './retired-file.ts';
import { lastOfRuns } from './retired-file.ts';
import { segmentName } from './segment-files.ts';
import type { SegmentName } from './segment-files.ts';
import type { SegmentParts, SegmentProblem, SegmentVerdict } from './verify-segment.ts';
import { verifySegment } from './verify-segment.ts';

/** `aside`: where it was put as it was found damaged; it counts as if it lay among the others. */
export type LogSegment = SegmentName & Pick<LogFinding, 'aside'>;

/** Where the log is: a folder, an export, a test. */
export type LogSource = {
  /** In the order of their numbers. */
  segments(): Promise<readonly LogSegment[]>;
  parts(segment: SegmentName): Promise<Omit<SegmentParts, 'macKey' | 'gatewayKey'>>;
  /** Whether its gateway still runs, so that it has no end yet. */
  isOpen(segment: SegmentName): Promise<boolean>;
  /** By name, what is said to have gone by retention, or for room. */
  retired(): Promise<ReadonlyMap<string, RetiredSegment>>;
};

/** What an operator's line of the vault says of a segment. */
export type LogAnchor = SegmentName & {
  readonly root: string;
  /** When it was made; where nobody knows, it is as young as any. */
  readonly atMs?: number;
};

export type VerifyLogOptions = {
  /** x of a gateway's key, from its identity or the vault; undefined where nobody knows it. */
  readonly gatewayKey: (gateway: string) => string | undefined;
  /** Opens the key of the MACs for an admin. @param keysFile text of the file of keys */
  readonly openMacKey?: (segment: SegmentName, keysFile: string) => Promise<Uint8Array | undefined>;
  readonly anchors?: readonly LogAnchor[];
  /** By what a segment is believed to have gone by retention; whoever cannot tell takes the log's word. */
  readonly retired?: Omit<RetiredJudge, 'gatewayKey'>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
};

export type LogProblem =
  | SegmentProblem
  /** Another segment, or an anchor in the vault, names another root. */
  | { readonly what: 'not-as-named'; readonly by: string }
  /** It does not name the segment before it. */
  | { readonly what: 'not-in-chain' }
  /** It is not there, and that retention took it is not believed. */
  | { readonly what: RetiredDoubt };

export type LogFinding = {
  readonly name: string;
  /** `open`: is being written. `not-closed`: its gateway ended without its signature. */
  readonly state: 'whole' | 'open' | 'not-closed' | 'damaged' | 'tampered' | 'missing' | 'retired';
  readonly problems: readonly LogProblem[];
  /** As computed from its lines; '' of one that is not there. */
  readonly root: string;
  readonly rows: number;
  readonly macs: SegmentVerdict['macs'];
  readonly signedBy: SegmentVerdict['signedBy'];
  readonly persons: SegmentVerdict['persons'];
  /** From the log's folder on. */
  readonly aside?: string;
};

type Checked = {
  readonly name: string;
  readonly verdict: SegmentVerdict;
  readonly isOpen: boolean;
  readonly problems: LogProblem[];
} & Pick<LogFinding, 'aside'>;

/** All of it, segment by segment. @throws what the source throws, and the signal's reason */
export async function verifyLog(
  source: LogSource,
  options: VerifyLogOptions,
): Promise<readonly LogFinding[]> {
  const segments = await source.segments();
  const checked = new Map<string, Checked>();
  for (const [index, segment] of segments.entries()) {
    options.signal?.throwIfAborted();
    // One after the other: each is read whole.
    // oxlint-disable-next-line no-await-in-loop
    const one = await checkOne(source, segment, options);
    checked.set(one.name, one);
    options.onProgress?.(index + 1, segments.length);
  }
  const said = await source.retired();
  const doubts = doubtsOf(said, checked, options);
  const retired = new Map([...said].filter(([name]) => !doubts.has(name)));
  const missing = new Set(doubts.keys());
  const lastGone = lastOfRuns(retired.keys());
  const keptFromMs = options.retired?.keptFromMs ?? 0;
  /** Holds what somebody said of a segment, at a time, against it. */
  const hold = (name: string, root: string | undefined, by: string, saidAtMs = Infinity): void => {
    const one = checked.get(name);
    if (one === undefined) {
      const went = retired.get(name);
      const isGone =
        went === undefined
          ? !said.has(name) && isBefore(name, lastGone)
          : root === undefined || isThatOne(went, root, saidAtMs, keptFromMs);
      if (!isGone) missing.add(name);
    } else if (root !== undefined && one.verdict.root !== root)
      one.problems.push({ what: 'not-as-named', by });
  };
  for (const { name, verdict, problems } of checked.values()) {
    const { head } = verdict;
    if (head === undefined) continue;
    for (const [before, root] of head.before) hold(before, root, name, head.openedAtMs);
    if (head.n > 1 && head.before[0]?.[0] !== segmentName({ ...head, n: head.n - 1 }))
      problems.push({ what: 'not-in-chain' });
  }
  for (const { gateway, run, n } of segments)
    for (let earlier = n - 1; earlier > 0; earlier -= 1) {
      const name = segmentName({ gateway, run, n: earlier });
      if (checked.has(name)) break;
      hold(name, undefined, '');
    }
  for (const anchor of options.anchors ?? []) hold(segmentName(anchor), anchor.root, 'vault', anchor.atMs);
  return [
    ...[...checked.values()].map(findingOf),
    ...[...missing].map((name) => absent(name, 'missing', doubts.get(name))),
    ...[...retired.keys()]
      .filter((name) => !checked.has(name) && !missing.has(name))
      .map((name) => absent(name, 'retired')),
  ];
}

/**
 * Whether what went was what somebody had said of it. A damaged segment has another root than it had, or none: what was
 * said of before the time from which rows are kept was to go, whatever had become of it.
 */
export const isThatOne = (
  went: Pick<RetiredSegment, 'root'>,
  root: string,
  saidAtMs: number,
  keptFromMs: number,
): boolean => went.root === root || saidAtMs < keptFromMs;

/** Whether it went before one of its run of which that is believed. */
export function isBefore(name: string, lastGone: ReadonlyMap<string, number>): boolean {
  const at = name.lastIndexOf('.');
  return Number(name.slice(at + 1)) < (lastGone.get(name.slice(0, at)) ?? 0);
}

async function checkOne(source: LogSource, segment: LogSegment, options: VerifyLogOptions): Promise<Checked> {
  const parts = await source.parts(segment);
  const macKey = parts.macKeys === undefined ? undefined : await options.openMacKey?.(segment, parts.macKeys);
  const gatewayKey = options.gatewayKey(segment.gateway);
  const verdict = await verifySegment(segment, { ...parts, macKey, gatewayKey });
  macKey?.fill(0);
  const isOpen = !verdict.isClosed && (await source.isOpen(segment));
  const { aside } = segment;
  const checked = { name: segmentName(segment), verdict, isOpen, problems: [...verdict.problems] };
  return aside === undefined ? checked : { ...checked, aside };
}

function findingOf({ verdict, isOpen, ...checked }: Checked): LogFinding {
  const { root, rows, macs, signedBy, persons } = verdict;
  return {
    ...checked,
    state: stateOf(verdict, isOpen, checked.problems),
    root,
    rows,
    macs,
    signedBy,
    persons,
  };
}

/** What a killed writer leaves behind, retention takes, or a damaged line, which is named itself, brings along. */
const harmless: ReadonlySet<LogProblem['what']> = new Set(['torn-line', 'mac-keys-missing', 'unproved-line']);

function stateOf(
  { isClosed }: SegmentVerdict,
  isOpen: boolean,
  problems: readonly LogProblem[],
): LogFinding['state'] {
  const grave = problems.filter(({ what }) => !harmless.has(what));
  if (grave.some(({ what }) => what !== 'damaged-line')) {
    // A damaged line changes the root, and nothing else shows that it was a hand that damaged it.
    const isByDamage = grave.every(({ what }) => what === 'damaged-line' || what === 'not-as-named');
    return isByDamage && grave.some(({ what }) => what === 'damaged-line') ? 'damaged' : 'tampered';
  }
  if (grave.length > 0) return 'damaged';
  if (isClosed) return 'whole';
  return isOpen ? 'open' : 'not-closed';
}

/** Lines of retirement that are not believed, of segments that are not there. */
function doubtsOf(
  said: ReadonlyMap<string, RetiredSegment>,
  checked: ReadonlyMap<string, Checked>,
  { retired, gatewayKey }: VerifyLogOptions,
): ReadonlyMap<string, RetiredDoubt> {
  const doubts = new Map<string, RetiredDoubt>();
  if (retired === undefined) return doubts;
  const judge = { ...retired, gatewayKey };
  const firstOfRun = new Map<string, number>();
  for (const { name, verdict, problems } of checked.values()) {
    const { head } = verdict;
    // One that is said to have gone as well was put back.
    if (head === undefined || problems.length > 0 || said.has(name)) continue;
    const run = `${head.gateway}.${head.run}`;
    firstOfRun.set(run, Math.min(head.n, firstOfRun.get(run) ?? head.n));
  }
  for (const [name, line] of said) {
    if (checked.has(name)) continue;
    const numberAt = name.lastIndexOf('.');
    // What is older of the run goes before it.
    const isOlderThere =
      (firstOfRun.get(name.slice(0, numberAt)) ?? Number.POSITIVE_INFINITY) <
      Number(name.slice(numberAt + 1));
    const doubt = doubtOf(line, judge) ?? (isOlderThere ? 'retired-too-soon' : undefined);
    if (doubt !== undefined) doubts.set(name, doubt);
  }
  return doubts;
}

const absent = (name: string, state: 'missing' | 'retired', doubt?: RetiredDoubt): LogFinding => ({
  name,
  state,
  problems: doubt === undefined ? [] : [{ what: doubt }],
  root: '',
  rows: 0,
  macs: 'not-checked',
  signedBy: 'nobody',
  persons: 'erased',
});
