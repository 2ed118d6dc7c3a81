/**
 * The one way of the services to change the organization. Invariant: what is answered is what happened: a change that
 * is on the disk is never reported as failed, whatever the gateway or a lock does meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OrganizationState } from '../organization/state.ts';
import type { Commit, Context, GatewayFeed } from './context.ts';
import type { OrganizationVault } from './organization-vault.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.commit;

/** A gateway on the same computer answers in milliseconds; an operator who waits longer wants to know why. */
const confirmWithinMs = 1_000;

export function committer(deps: {
  readonly vault: () => OrganizationVault;
  readonly feed: GatewayFeed;
  readonly emit: Context['emit'];
  /** Told how many lines have a head. */
  readonly onAnchored: (seq: number) => void;
}): Commit {
  return async (decide) => {
    const vault = deps.vault();
    let state: OrganizationState | undefined;
    // Told before the commit resolves; asking the vault afterwards could meet a lock.
    const stop = vault.onCommit((change) => {
      state = change.state;
    });
    let seen: OrganizationState | undefined;
    try {
      const { result, seq, anchored } = await vault.commit((before, at) => {
        seen = before;
        return decide(before, at);
      });
      const after = state ?? seen ?? vault.state();
      if (anchored) deps.onAnchored(seq);
      else deps.emit('notice', { code: 'not-anchored', message: notAnchored });
      // Nothing written, nothing to confirm.
      if (state !== undefined && !(await isConfirmed(deps.feed, seq))) {
        deps.emit('notice', { code: 'gateway-unconfirmed', message: unconfirmed });
      }
      return { result, state: after };
    } finally {
      stop();
    }
  };
}

const unconfirmed = words.notConfirmed;
const notAnchored = words.notAnchored;

async function isConfirmed(feed: GatewayFeed, seq: number): Promise<boolean> {
  const giveUp = new AbortController();
  try {
    const confirmed = feed.confirmed(seq).then(
      () => true,
      // Whatever keeps the gateway from answering is its own to report; here it is only not confirmed.
      () => false,
    );
    const timeout = sleep(confirmWithinMs, false, { signal: giveUp.signal }).catch(() => false);
    return await Promise.race([confirmed, timeout]);
  } finally {
    giveUp.abort();
  }
}
