import { LatchkeyError } from '../../shared/errors.ts';
import type { ProbeResult } from './gateway-probe.ts';

export type OwnGateway = {
  readonly baseUrl: () => string;
  /** Who answers there now. */
  readonly probe: () => Promise<ProbeResult>;
};

/**
 * Before tokens go to the gateway's address, by a config or from here: not to somebody else's.
 * @returns what to say about it
 * @throws LatchkeyError GATEWAY_NOT_OURS
 */
export async function requireOwnGateway(gateway: OwnGateway): Promise<readonly string[]> {
  const url = gateway.baseUrl();
  switch (await gateway.probe()) {
    case 'ours':
      return [];
    case 'nothing':
      return [`Nothing answers at ${url} now: start the gateway before this is used.`];
    case 'unknown':
      return [`Whether your gateway answers at ${url} could not be checked from this computer.`];
    case 'other':
      throw new LatchkeyError('GATEWAY_NOT_OURS', ['gatewayNotOurs', url], { details: { url } });
  }
}
