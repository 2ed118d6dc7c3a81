import type { HostEventName } from '../../shared/contract/contract.ts';
import type { Bridge } from '../../shared/contract/types.ts';
import type { WireResult } from '../../shared/errors.ts';

declare global {
  interface Window {
    readonly latchkey?: Bridge;
  }
}

const refuse = (message: string, details = {}): WireResult<never> => ({
  ok: false,
  error: { code: 'INTERNAL', message, details },
});

const isWireResult = (value: unknown): value is WireResult<unknown> =>
  typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean';

/** One call over the browser host's loopback server. Never throws: a lost connection is a refusal like any other. */
async function invokeOverHttp(method: string, input: unknown): Promise<WireResult<unknown>> {
  let response: Response;
  try {
    response = await fetch(`/rpc/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-latchkey': '1' },
      body: JSON.stringify(input),
      credentials: 'same-origin',
      cache: 'no-store',
    });
  } catch {
    return refuse('Latchkey does not answer. Check that it is still running, then reload this page.', {
      connection: 'lost',
    });
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (isWireResult(body)) return body;
  return refuse(
    response.status === 401 || response.status === 403
      ? 'This page is no longer signed in to Latchkey. Open the address that Latchkey printed at its last start.'
      : `Latchkey answered with HTTP ${response.status}. Reload this page.`,
    { status: response.status },
  );
}

/** The bridge, and word of when its events began to flow (again): what happened before may have been missed. */
type LiveBridge = Bridge & { readonly onConnected: (listener: () => void) => () => void };

function httpBridge(): LiveBridge {
  let source: EventSource | undefined;
  const connect = () => (source ??= new EventSource('/events'));
  return {
    invoke: invokeOverHttp,
    on: <N extends HostEventName>(name: N, listener: (event: never) => void) => {
      const handle = (event: MessageEvent<string>) => listener(JSON.parse(event.data) as never);
      connect().addEventListener(name, handle);
      return () => source?.removeEventListener(name, handle);
    },
    onConnected: (listener) => {
      connect().addEventListener('open', listener);
      return () => source?.removeEventListener('open', listener);
    },
  };
}

/** The preload's bridge, which cannot lose its connection, or HTTP where the page is served by the browser host. */
export function findBridge(): LiveBridge {
  const { latchkey } = window;
  return latchkey === undefined ? httpBridge() : { ...latchkey, onConnected: () => () => undefined };
}
