import { LatchkeyError } from '../../shared/errors.ts';
import type { ProbeResult } from './gateway-probe.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.ownGateway;

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
      return [words.nothingAnswers(url)];
    case 'unknown':
      return [words.notChecked(url)];
    case 'other':
      throw new LatchkeyError('GATEWAY_NOT_OURS', ['gatewayNotOurs', url], { details: { url } });
  }
}
