/**
 * A gateway that only answers one question about packages: where none runs, its rules and its readers of indexes are asked
 * all the same. Invariant: it listens on no port, and is gone when it has answered.
 */
import type { Bundle } from '../../shared/model/bundle.ts';
import type { FactsFile } from '../curation/knowledge-data.ts';
import type { GatewayConfig, LaunchGateway } from '../gateway/protocol.ts';
import type { AskedPackages } from './gateway-process.ts';
import { GatewayProcess } from './gateway-process.ts';

export type QuietGateway = {
  readonly launch: LaunchGateway;
  readonly config: GatewayConfig;
  readonly facts: FactsFile | undefined;
  /** What it judges by; undefined: there is nothing to enforce yet. */
  readonly bundle: Bundle | undefined;
};

/** @throws LatchkeyError INTERNAL when it ended before it answered */
export async function askQuietly<T>(
  { launch, config, facts, bundle }: QuietGateway,
  ask: (packages: AskedPackages) => Promise<T>,
): Promise<T> {
  const process = new GatewayProcess(launch, config, { onBatch: () => undefined, onDeath: () => undefined });
  try {
    if (facts !== undefined) await process.facts(facts);
    if (bundle !== undefined) await process.load(bundle);
    return await ask(process);
  } finally {
    await process.stop(0);
  }
}
