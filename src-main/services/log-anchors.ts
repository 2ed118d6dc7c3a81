/**
 * Roots of the request log in the vault. Invariant: what is anchored was computed from the segment's bytes and is signed by
 * a gateway that the vault or this computer's identity vouches for, or, where that was killed, has the MACs that an admin's
 * key gives and was left alone for a day; a part that is changed, or that the vault names and
 * nobody has, is told and not anchored over. The whole log is checked by `log-verify.ts`: this looks at the newest.
 */
import { stat } from 'node:fs/promises';
import type { LogAnchor } from '../../shared/model/log-keeping.ts';
import { dayMs } from '../../shared/model/time.ts';
import type { EventOf } from '../organization/events.ts';
import type { GatewayIdentity } from '../gateway/probe.ts';
import { folderSource } from '../request-log/folder-source.ts';
import { doubtOf } from '../request-log/judge-retired.ts';
import { lastOfRuns as lastOfRetired, readRetired } from '../request-log/retired-file.ts';
import type { SegmentFile } from '../request-log/segment-files.ts';
import { listSegments, segmentName } from '../request-log/segment-files.ts';
import { isBefore, isThatOne, verifyLog } from '../request-log/verify-log.ts';
import type { LogFinding, LogSource } from '../request-log/verify-log.ts';
import type { Context } from './context.ts';
import type { SegmentTrouble } from './log-check.ts';
import { asideNow } from './log-aside.ts';
import { checkKeys, retiredJudge, troubleOf } from './log-check.ts';
import type { OrganizationVault } from './organization-vault.ts';

/** Anchored ones that are read again at a look: of more, `log verify` reads all. */
const readAgain = 16;
/** Segments that are read at a look; further runs wait for the next one. */
const maxRead = 256;

type Anchored = EventOf<'log.anchored'>;
type Deps = {
  /** Of the request log. */
  readonly dir: string;
  readonly identity: () => GatewayIdentity | undefined;
};

/**
 * Holds what is there against what the vault says, and tells the vault how far each gateway's run has come.
 * @returns what is wrong
 * @throws LatchkeyError what a change of the vault can meet; the system's error; what the signal was aborted with
 */
export async function anchorLog(
  context: Pick<Context, 'vault' | 'commit' | 'now'>,
  { dir, identity }: Deps,
  signal: AbortSignal,
): Promise<readonly SegmentTrouble[]> {
  const vault = context.vault();
  const before = [...vault.state().anchors.values()];
  const segments = await listSegments(dir);
  const there = new Map(segments.map((file) => [file.name, file]));
  const keys = checkKeys(vault, identity());
  const absent = before.filter((anchor) => !there.has(nameOf(anchor)));
  const gone = absent.length === 0 ? [] : await goneOf(vault, dir, absent, keys.gatewayKey, context.now());
  const newest = before.toSorted((a, b) => b.atMs - a.atMs).slice(0, readAgain);
  const again = newest.flatMap((anchor) => there.get(nameOf(anchor)) ?? []);
  const known = vault.state().anchors;
  const last = lastOfRuns(segments).filter(
    ({ gateway, run, n }) => n > (known.get(`${gateway} ${run}`)?.n ?? -1),
  );
  const read = [...again, ...last].slice(0, maxRead);
  const names = new Set(read.map(({ name }) => name));
  const found = await verifyLog(only(folderSource(dir), read), {
    ...keys,
    anchors: keys.anchors.filter((anchor) => names.has(segmentName(anchor))),
    signal,
  });
  const byName = new Map(found.map((finding) => [finding.name, finding]));
  const events: Anchored[] = [];
  for (const file of last) {
    const finding = byName.get(file.name);
    const publicKey = keys.gatewayKey(file.gateway);
    if (finding === undefined || publicKey === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop
    if (isSigned(finding) || (isProved(finding) && (await isLeft(file, context.now()))))
      events.push(anchorOf(file, finding, publicKey));
  }
  if (events.length > 0 && vault.operator.role !== 'auditor') await commitNew(context, events);
  // Only what was read: that others are not among them says nothing.
  const seen = await asideNow(
    dir,
    found.filter(({ name }) => names.has(name)),
  );
  return [...gone, ...seen.flatMap((one) => troubleOf(one) ?? [])];
}

const nameOf = ({ gatewayId, run, n }: Pick<LogAnchor, 'gatewayId' | 'run' | 'n'>): string =>
  segmentName({ gateway: gatewayId, run, n });

/** Of what the vault names and is not there, what was not taken by retention either. */
async function goneOf(
  vault: OrganizationVault,
  dir: string,
  absent: readonly LogAnchor[],
  gatewayKey: (gateway: string) => string | undefined,
  nowMs: number,
): Promise<readonly SegmentTrouble[]> {
  const retired = await readRetired(dir);
  const judge = { ...(await retiredJudge(vault, nowMs)), gatewayKey };
  const believed = [...retired.values()].filter((line) => doubtOf(line, judge) === undefined);
  const lastGone = lastOfRetired(believed.map(({ segment }) => segment));
  return absent.flatMap((anchor) => {
    const name = nameOf(anchor);
    const line = retired.get(name);
    if (line === undefined && isBefore(name, lastGone)) return [];
    if (line === undefined || !isThatOne(line, anchor.root, anchor.atMs, judge.keptFromMs))
      return troubleOf({ name, state: 'missing', problems: [] }) ?? [];
    const what = doubtOf(line, judge);
    return what === undefined ? [] : (troubleOf({ name, state: 'missing', problems: [{ what }] }) ?? []);
  });
}

/** Of each run the last segment that is there, the newest run first; one that is not closed counts with the one before. */
function lastOfRuns(segments: readonly SegmentFile[]): readonly SegmentFile[] {
  const runs = new Map<string, SegmentFile[]>();
  for (const file of segments) {
    const key = `${file.gateway} ${file.run}`;
    runs.set(key, [...(runs.get(key)?.slice(-1) ?? []), file]);
  }
  return [...runs.values()].flat().toSorted((a, b) => b.run - a.run || b.n - a.n);
}

/** The same log, as if it had only these. */
const only = (source: LogSource, segments: readonly SegmentFile[]): LogSource => ({
  ...source,
  segments: async () => {
    await source.segments();
    return segments;
  },
});

const isSigned = ({ state, signedBy }: LogFinding): boolean => state === 'whole' && signedBy === 'known';

/** Its gateway was killed: nobody signed it, and nothing of it was changed. Only an admin's key tells. */
const isProved = ({ state, macs }: LogFinding): boolean => state === 'not-closed' && macs === 'right';

/** Where there are no locks of the kernel, a gateway that slept looks like one that is gone. */
const isLeft = ({ path }: SegmentFile, nowMs: number): Promise<boolean> =>
  stat(path).then(
    ({ mtimeMs }) => nowMs - mtimeMs > dayMs,
    () => false,
  );

function anchorOf(
  { gateway: gatewayId, run, n }: SegmentFile,
  { root, rows }: LogFinding,
  publicKey: string,
): Anchored {
  return { type: 'log.anchored', gatewayId, publicKey, run, n, root, rows };
}

/** As far as another process was not quicker. */
async function commitNew(context: Pick<Context, 'commit'>, events: readonly Anchored[]): Promise<void> {
  await context.commit((before) => {
    const ahead = new Map<string, Anchored>();
    for (const event of events) {
      const key = `${event.gatewayId} ${event.run}`;
      const reached = ahead.get(key)?.n ?? before.anchors.get(key)?.n ?? -1;
      if (event.n > reached) ahead.set(key, event);
    }
    return { events: [...ahead.values()], result: undefined };
  });
}
