/**
 * Whether to believe that a segment went by retention. Invariant: believed is what the vault had anchored before, or what
 * a known gateway signed and nothing contradicts: neither its run, nor an anchor that knows when it was not closed yet,
 * nor an older segment of its run that is still there. Who has that gateway's key can sign an age, and is caught by these
 * alone.
 */
import { dayMs } from '../../shared/model/time.ts';
import type { RetiredSegment } from './retired-file.ts';
import { isSignedRetired } from './retired-file.ts';
import type { SegmentName } from './segment-files.ts';
import { parseSegmentFile } from './segment-files.ts';

/** An anchor of the vault, and when it was made. */
export type DatedAnchor = SegmentName & { readonly root: string; readonly atMs: number };

export type RetiredJudge = {
  readonly nowMs: number;
  /** What is newer was never to go. */
  readonly keptFromMs: number;
  readonly gatewayKey: (gateway: string) => string | undefined;
  /** All that there ever were, also those that later ones took the place of. */
  readonly anchors: readonly DatedAnchor[];
};

export type RetiredDoubt = 'retired-unproved' | 'retired-too-soon';

/** @returns why it is not believed; undefined: it is */
export function doubtOf(line: RetiredSegment, judge: RetiredJudge): RetiredDoubt | undefined {
  const segment = parseSegmentFile(`${line.segment}.jsonl`);
  if (segment === undefined) return 'retired-unproved';
  const { keptFromMs, nowMs, gatewayKey } = judge;
  const ofRun = judge.anchors.filter(
    ({ gateway, run }) => gateway === segment.gateway && run === segment.run,
  );
  const isOldAnchor = ({ n, root, atMs }: DatedAnchor) =>
    n === segment.n && root === line.root && atMs < keptFromMs;
  if (ofRun.some(isOldAnchor)) return undefined;
  const x = gatewayKey(line.by);
  if (x === undefined || !isSignedRetired(line, x)) return 'retired-unproved';
  if (line.why === 'room') return undefined;
  const openAtMs = ofRun.reduce((last, { n, atMs }) => (n < segment.n ? Math.max(last, atMs) : last), 0);
  // Clocks of operators and gateways differ; a run that began by a clock that was ahead says nothing.
  const least = Math.max(line.endMs, segment.run > nowMs ? 0 : segment.run, openAtMs - dayMs);
  return least < keptFromMs ? undefined : 'retired-too-soon';
}
