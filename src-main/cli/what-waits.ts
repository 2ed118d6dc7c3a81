import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { printNotice } from './output.ts';

/** An app that is unlocked has taken a line within a second. */
const patienceMs = 2_000;
const askEveryMs = 150;

type Asked = {
  readonly vault: Pick<Client['vault'], 'info'>;
  readonly gateway: Pick<Client['gateway'], 'find'>;
};

/** Does the work; when it changed the organization and the gateway of this folder has not taken it, that is said. */
export async function tellingWhatWaits<T>(client: Asked, work: () => Promise<T>): Promise<T> {
  const { seq: before } = await client.vault.info({});
  const result = await work();
  try {
    const { seq } = await client.vault.info({});
    const url = seq > before ? await whereItWaits(client, seq) : undefined;
    if (url !== undefined) printNotice(`latchkey: ${texts.gateway.waits(url)}`);
  } catch (error) {
    // Locked meanwhile, or its agent is gone: what was asked for is done all the same.
    if (!(error instanceof LatchkeyError)) throw error;
  }
  return result;
}

/** Where a gateway goes on with less than `seq` lines; undefined when none does. */
async function whereItWaits({ gateway }: Asked, seq: number): Promise<string | undefined> {
  for (let waitedMs = 0; ; waitedMs += askEveryMs) {
    const { url, enforced } = await gateway.find({});
    if (enforced === undefined || enforced >= seq) return undefined;
    if (waitedMs >= patienceMs) return url;
    await sleep(askEveryMs);
  }
}
