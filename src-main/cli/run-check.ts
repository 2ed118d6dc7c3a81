/** A check that goes on in the app, or the agent, that has the vault open: looked at until it is over. */
import { setTimeout as wait } from 'node:timers/promises';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';

const lookEveryMs = 200;
/** A check that is over sooner needs no progress. */
const progressEveryMs = 1_000;

type Check<V> = {
  readonly start: () => Promise<V>;
  readonly status: () => Promise<V>;
  readonly cancel: () => Promise<V>;
  readonly onProgress?: (view: V) => void;
};

/** Ctrl+C ends it early. @throws LatchkeyError CANCELLED */
export async function runCheck<V extends { readonly state: string }>(check: Check<V>): Promise<V> {
  const onInterrupt = (): void => void check.cancel();
  process.once('SIGINT', onInterrupt);
  try {
    let view = await check.start();
    let toldAtMs = Date.now();
    while (view.state === 'running') {
      // oxlint-disable-next-line no-await-in-loop
      await wait(lookEveryMs);
      // oxlint-disable-next-line no-await-in-loop
      view = await check.status();
      if (view.state !== 'running' || Date.now() - toldAtMs < progressEveryMs) continue;
      toldAtMs = Date.now();
      check.onProgress?.(view);
    }
    if (view.state === 'cancelled') throw new LatchkeyError('CANCELLED', texts.cli.vault.cancelled);
    return view;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
