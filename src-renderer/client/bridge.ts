import type { Bridge } from '../../shared/contract/types.ts';
import type { LiveBridge } from './http-bridge.ts';
import { httpBridge } from './http-bridge.ts';
import { hostGone, reachability } from './reachability.ts';

declare global {
  interface Window {
    readonly latchkey?: Bridge;
  }
}

const never = () => () => undefined;

/** The preload's bridge, or HTTP where the page is served by the browser host. */
export function findBridge(): LiveBridge {
  const { latchkey } = window;
  return latchkey === undefined ? httpBridge() : desktopBridge(latchkey);
}

/** A call that the main process cannot answer any more is rejected by Electron itself, in words that help nobody. */
function desktopBridge(latchkey: Bridge): LiveBridge {
  const reachable = reachability();
  return {
    onConnected: never,
    onSignedOut: never,
    ...latchkey,
    invoke: async (method, input) => {
      try {
        const result = await latchkey.invoke(method, input);
        reachable.tell(true);
        return result;
      } catch {
        reachable.tell(false);
        return hostGone();
      }
    },
    onReachable: reachable.on,
  };
}
