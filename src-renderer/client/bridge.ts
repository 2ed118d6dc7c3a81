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

function httpBridge(): Bridge {
  let source: EventSource | undefined;
  return {
    invoke: invokeOverHttp,
    on: <N extends HostEventName>(name: N, listener: (event: never) => void) => {
      source ??= new EventSource('/events');
      const handle = (event: MessageEvent<string>) => listener(JSON.parse(event.data) as never);
      source.addEventListener(name, handle);
      return () => source?.removeEventListener(name, handle);
    },
  };
}

/** The preload's bridge, or HTTP where the page is served by the browser host. */
export function findBridge(): Bridge {
  return window.latchkey ?? httpBridge();
}
