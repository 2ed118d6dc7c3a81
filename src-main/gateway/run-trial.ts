import { stat } from 'node:fs/promises';
import { channelId } from '../../shared/model/ids.ts';
import { createCondaHandler } from './conda/handler.ts';
import { DecisionMemory } from './decision-memory.ts';
import { NearestAllowed } from './nearest-allowed.ts';
import { Documents } from './documents/documents.ts';
import { createPypiHandler } from './pypi/handler.ts';
import type { Trial, TrialOrder } from './try-channel.ts';
import { tryChannel } from './try-channel.ts';
import type { AgentsOptions } from './upstream-agents.ts';
import { createUpstreamClient } from './upstream-client.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.files;

/** An index that is made on demand takes a while; a person waits for this. */
const timeoutMs = 60_000;

/**
 * Makes the handlers of a gateway for one channel, and tries it.
 * @param ways a test's resolver
 */
export async function runTrial(
  { kind, upstream, name, network, ownPorts }: TrialOrder,
  now: () => number,
  ways: Pick<AgentsOptions, 'lookup' | 'dial'> = {},
): Promise<Trial> {
  if (upstream.type === 'folder') {
    const found = await stat(upstream.path).catch(() => undefined);
    if (found?.isDirectory() !== true) {
      return { ok: false, message: words.folderUnreadable(upstream.path), steps: [] };
    }
  }
  const upstreams = createUpstreamClient({ ...ways, network, ownPorts: () => ownPorts });
  const documents = new Documents({ now });
  const parts = {
    openUpstream: upstreams.open,
    documents,
    decisions: new DecisionMemory(),
    nearest: new NearestAllowed(documents, now),
    now,
  };
  const pypi = createPypiHandler(parts);
  try {
    return await tryChannel({
      channel: { id: channelId.parse('trial'), name: 'trial', kind, environmentIds: [], upstream },
      handlers: { conda: createCondaHandler(parts), pypi },
      name,
      signal: AbortSignal.timeout(timeoutMs),
    });
  } finally {
    await pypi.close();
    await documents.close();
    upstreams.close();
  }
}
