/**
 * What the vault knows of the request log, for whoever checks it. Invariant: a gateway's key comes from an anchor or from
 * this computer's identity, never from the log itself; the keys of MACs are opened by the vault, with the operator's own.
 */
import type { LogSegmentState } from '../../shared/contract/log-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { LogAnchor } from '../../shared/model/log-keeping.ts';
import { dayMs } from '../../shared/model/time.ts';
import { texts } from '../../shared/texts/texts.ts';
import { keyOfSeed, publicX } from '../base/seed-key.ts';
import type { GatewayIdentity } from '../gateway/probe.ts';
import { parseSealedKeys } from '../request-log/recipients.ts';
import type { DatedAnchor } from '../request-log/judge-retired.ts';
import type { LogFinding, LogProblem, VerifyLogOptions } from '../request-log/verify-log.ts';
import { entriesBackwards } from './entries-backwards.ts';
import type { OrganizationVault } from './organization-vault.ts';

const words = texts.requestLog;

/** A segment of which something is to be said. */
export type SegmentTrouble = {
  readonly segment: string;
  readonly state: LogSegmentState;
  /** In words. */
  readonly what: readonly string[];
};

/** Somebody or something changed or removed it. */
export const isGrave = ({ state }: Pick<SegmentTrouble, 'state'>): boolean =>
  state === 'tampered' || state === 'missing' || state === 'damaged';

type Keys = Required<Pick<VerifyLogOptions, 'gatewayKey' | 'openMacKey' | 'anchors'>>;

/** @param identity of the gateway of this folder, where it has one */
export function checkKeys(
  vault: Pick<OrganizationVault, 'operator' | 'openLogKey' | 'state'>,
  identity: GatewayIdentity | undefined,
): Keys {
  const anchors = [...vault.state().anchors.values()];
  const keys = new Map<string, string>();
  if (identity !== undefined) keys.set(identity.gatewayId, publicX(keyOfSeed(identity.seed)));
  // The vault's word counts more: it was signed.
  for (const { gatewayId, publicKey } of anchors) keys.set(gatewayId, publicKey);
  return {
    gatewayKey: (gateway) => keys.get(gateway),
    openMacKey: async ({ gateway, run, n }, keysFile) => {
      const own = parseSealedKeys(keysFile, 'mac')?.find(
        ({ operatorId }) => operatorId === vault.operator.id,
      );
      if (own === undefined) return undefined;
      try {
        return await vault.openLogKey(own.jwe, { use: 'mac', gateway, run, n });
      } catch (error) {
        // Damaged, or sealed to a key that this operator no longer has. A lock ends the check.
        if (error instanceof LatchkeyError && error.code === 'VAULT_CORRUPT') return undefined;
        throw error;
      }
    },
    anchors: anchors.map(datedAnchor),
  };
}

/**
 * By what it is believed that retention took a segment: whoever can write the log's folder can write there what was taken.
 * Goes by the shortest retention that the vault tells of, as far back as it is read.
 */
export async function retiredJudge(
  vault: Pick<OrganizationVault, 'state' | 'seq' | 'entries'>,
  nowMs: number,
): Promise<NonNullable<VerifyLogOptions['retired']>> {
  const state = vault.state();
  const anchors: DatedAnchor[] = [...state.anchors.values()].map(datedAnchor);
  let { rowsDays } = state.retention;
  for await (const { event, atMs } of entriesBackwards(vault)) {
    if (event.type === 'log.retention-set') rowsDays = Math.min(rowsDays, event.rowsDays);
    if (event.type === 'log.anchored') anchors.push(datedAnchor({ ...event, atMs }));
  }
  return { nowMs, keptFromMs: nowMs - rowsDays * dayMs, anchors };
}

const datedAnchor = ({
  gatewayId: gateway,
  run,
  n,
  root,
  atMs,
}: Pick<LogAnchor, 'gatewayId' | 'run' | 'n' | 'root' | 'atMs'>): DatedAnchor => ({
  gateway,
  run,
  n,
  root,
  atMs,
});

/** What is wrong with it, or remarkable; undefined where nothing is. */
export function troubleOf({
  name,
  state,
  problems,
  aside,
}: Pick<LogFinding, 'name' | 'state' | 'problems' | 'aside'>): SegmentTrouble | undefined {
  const what = problems.map(problemText);
  if (aside !== undefined) what.push(words.isAside(aside));
  if (state === 'missing') return { segment: name, state, what: what.length > 0 ? what : [words.missing] };
  if (state === 'not-closed') return { segment: name, state, what: [words.notClosed, ...what] };
  return isGrave({ state }) ? { segment: name, state, what } : undefined;
}

function problemText(problem: LogProblem): string {
  if (problem.what === 'not-as-named')
    return problem.by === 'vault' ? words.notAsAnchored : words.notAsNamed(problem.by);
  const said = words.problems[problem.what];
  return typeof said === 'string' ? said : said('line' in problem ? problem.line : 0);
}
