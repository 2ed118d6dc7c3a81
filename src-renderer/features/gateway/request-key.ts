import type { GatewayView } from '../../../shared/contract/gateway-views.ts';

/**
 * Names a request in an address for as long as it is in memory: requests have no number of their own. Two that are alike
 * in everything have the same.
 */
export function requestKey(request: GatewayView['recent'][number]): string {
  const { atMs, method, path, client, address, status } = request;
  let sum = 0;
  for (const char of `${method} ${path} ${client} ${address} ${status}`) {
    sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 0xff_ff_ff_fb;
  }
  return `${atMs}-${sum.toString(36)}`;
}
