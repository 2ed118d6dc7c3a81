import { setTimeout as sleep } from 'node:timers/promises';
import { texts } from '../../shared/texts/texts.ts';
import type { App } from '../services/app.ts';
import { printNotice } from './output.ts';

/** An app that is unlocked has taken a line within a second. */
const patienceMs = 2_000;
const askEveryMs = 150;

type Asked = {
  readonly session: Pick<App['session'], 'isUnlocked'> & {
    readonly vault: () => { readonly seq: () => number };
  };
  readonly gateway: Pick<App['gateway'], 'enforced'>;
};

/** Does the work; when it changed the organization and the gateway beside this process has not taken it, that is said. */
export async function tellingWhatWaits<T>(app: Asked, work: () => Promise<T>): Promise<T> {
  const before = app.session.vault().seq();
  const result = await work();
  if (app.session.isUnlocked()) {
    const seq = app.session.vault().seq();
    if (seq > before) {
      const url = await whereItWaits(app, seq);
      if (url !== undefined) printNotice(`latchkey: ${texts.gateway.waits(url)}`);
    }
  }
  return result;
}

/** Where a gateway goes on with less than `seq` lines; undefined when none does. */
async function whereItWaits({ gateway }: Asked, seq: number): Promise<string | undefined> {
  for (let waitedMs = 0; ; waitedMs += askEveryMs) {
    const enforced = await gateway.enforced();
    if (enforced === undefined || enforced.seq >= seq) return undefined;
    if (waitedMs >= patienceMs) return enforced.url;
    await sleep(askEveryMs);
  }
}
