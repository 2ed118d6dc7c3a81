/**
 * The bridge of the browser host. Invariant: what proves this page stands in memory and in this tab's sessionStorage,
 * never in an address, a cookie or the history; the launch address is taken out of the address bar before it is used.
 */
import type { HostEventName } from '../../shared/contract/contract.ts';
import type { Bridge } from '../../shared/contract/types.ts';
import type { Said } from '../../shared/texts/said.ts';
import type { WireResult } from '../../shared/errors.ts';
import { hostGone, reachability } from './reachability.ts';

const storageKey = 'latchkey-bearer';
const launchPrefix = '#launch=';
const reconnectMs = 1_000;

/** The bridge, and word of when its events began to flow (again): what happened before may have been missed. */
export type LiveBridge = Bridge & {
  readonly onConnected: (listener: () => void) => () => void;
  /** Calls back when the host stops answering at all, and when it answers again. */
  readonly onReachable: (listener: (isReachable: boolean) => void) => () => void;
  /** This page is not, or no longer, signed in: only a new launch address helps. */
  readonly onSignedOut: (listener: (why: string) => void) => () => void;
};

const refuse = (says: Said, details = {}): WireResult<never> => ({
  ok: false,
  error: { code: 'INTERNAL', says, details },
});
const isWireResult = (value: unknown): value is WireResult<unknown> =>
  typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean';
const isLine = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export function httpBridge(): LiveBridge {
  const listeners = new Map<string, Set<(event: never) => void>>();
  const connected = new Set<() => void>();
  const signedOut = new Set<(why: string) => void>();
  const reachable = reachability();
  let over: string | undefined;
  let bearer: string | undefined;
  let isFollowing = false;
  /** Of the last event that came. */
  let after: number | undefined;

  const endSession = (why: string): void => {
    bearer = undefined;
    sessionStorage.removeItem(storageKey);
    if (over !== undefined) return;
    over = why;
    for (const listener of signedOut) listener(why);
  };

  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-latchkey': '1',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
    });

  /** Signs in by the launch address, or goes on with what this tab has. */
  const signIn = async (): Promise<void> => {
    const { hash } = window.location;
    if (!hash.startsWith(launchPrefix)) {
      bearer = sessionStorage.getItem(storageKey) ?? undefined;
      if (bearer === undefined) endSession('new-tab');
      return;
    }
    window.history.replaceState(null, '', window.location.pathname);
    const response = await post('/session', { launch: hash.slice(launchPrefix.length) }).catch(
      () => undefined,
    );
    const answer: unknown = await response?.json().catch(() => undefined);
    if (!isWireResult(answer) || !answer.ok) return endSession('used');
    ({ bearer } = answer.value as { readonly bearer: string });
    sessionStorage.setItem(storageKey, bearer);
  };
  const ready = signIn();
  // A new address in the same tab changes the part behind # alone, which loads nothing by itself.
  window.addEventListener('hashchange', () => {
    if (window.location.hash.startsWith(launchPrefix)) window.location.reload();
  });

  const invoke = async (method: string, input: unknown): Promise<WireResult<unknown>> => {
    await ready;
    if (bearer === undefined) return refuse(['notSignedIn']);
    let response: Response;
    try {
      response = await post(`/rpc/${method}`, input);
    } catch {
      reachable.tell(false);
      return hostGone();
    }
    reachable.tell(true);
    if (response.status === 401) endSession('ended');
    const body: unknown = await response.json().catch(() => undefined);
    if (isWireResult(body)) return body;
    return refuse(['hostAnswered', response.status], {
      status: response.status,
    });
  };

  const takeLine = (text: string): void => {
    if (text === '') return;
    const line: unknown = JSON.parse(text);
    if (!isLine(line)) return;
    if (typeof line['over'] === 'string') return endSession(line['over']);
    if (typeof line['from'] === 'number') {
      // What came before this is not known here.
      after = line['from'];
      for (const listener of connected) listener();
    }
    if (typeof line['seq'] !== 'number' || typeof line['name'] !== 'string') return;
    after = line['seq'];
    for (const listener of listeners.get(line['name']) ?? []) listener(line['event'] as never);
  };

  const readStream = async (): Promise<void> => {
    const response = await post('/events', after === undefined ? {} : { after }).catch((error: unknown) => {
      reachable.tell(false);
      throw error;
    });
    reachable.tell(true);
    if (response.status === 401) return endSession('ended');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (reader === undefined) return;
    let rest = '';
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) takeLine(line);
    }
  };

  /** For as long as the page is signed in; goes on where it was when the connection breaks. */
  const follow = async (): Promise<void> => {
    if (isFollowing) return;
    isFollowing = true;
    await ready;
    while (bearer !== undefined) {
      // oxlint-disable-next-line no-await-in-loop
      await readStream().catch(() => undefined);
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, reconnectMs));
    }
  };

  return {
    invoke,
    on: <N extends HostEventName>(name: N, listener: (event: never) => void) => {
      const own = listeners.get(name) ?? new Set();
      listeners.set(name, own);
      own.add(listener);
      void follow();
      return () => own.delete(listener);
    },
    onConnected: (listener) => {
      connected.add(listener);
      void follow();
      return () => connected.delete(listener);
    },
    onReachable: reachable.on,
    onSignedOut: (listener) => {
      signedOut.add(listener);
      if (over !== undefined) listener(over);
      return () => signedOut.delete(listener);
    },
  };
}
