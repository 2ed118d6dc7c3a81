import type { Bridge } from '../../shared/contract/types.ts';
import type { LiveBridge } from './http-bridge.ts';
import { httpBridge } from './http-bridge.ts';

declare global {
  interface Window {
    readonly latchkey?: Bridge;
  }
}

const never = () => () => undefined;

/** The preload's bridge, which cannot lose its connection, or HTTP where the page is served by the browser host. */
export function findBridge(): LiveBridge {
  const { latchkey } = window;
  return latchkey === undefined ? httpBridge() : { onConnected: never, onSignedOut: never, ...latchkey };
}
