/** A browser host without a browser: answers calls, sends events, loses its connection. Import the app's modules after `startFakeHost`. */
import { vi } from 'vitest';
import type { HostEvent, HostEventName } from '../../../shared/contract/contract.ts';
import type { SessionView } from '../../../shared/contract/views.ts';
import type { WireError } from '../../../shared/errors.ts';
import { operatorId } from '../../../shared/model/ids.ts';

export type Call = { readonly method: string; readonly input: unknown };
type Answer = (input: never) => unknown;

export const unlocked: SessionView = {
  vault: 'unlocked',
  organizationName: 'Acme',
  operator: { id: operatorId.parse('ada'), name: 'Ada', role: 'admin' },
  notices: [],
  alarms: [],
  idleLockMinutes: 15,
};
export const locked: SessionView = { vault: 'locked', notices: [], alarms: [], idleLockMinutes: 15 };
export const noTokens = {
  rows: [],
  total: 0,
  countByState: { requested: 0, active: 0, expiring: 0, expired: 0, revoked: 0 },
};

const gateway = {
  running: false,
  host: '',
  port: 0,
  baseUrl: '',
  allowed: 0,
  denied: 0,
  errors: 0,
  bytes: 0,
};

export function startFakeHost(hash = '#/overview') {
  const calls: Call[] = [];
  const hashListeners: (() => void)[] = [];
  const eventListeners = new Map<string, Set<(event: unknown) => void>>();
  const state = { seq: 1, session: unlocked };
  const answers: Record<string, Answer> = {
    'session.status': () => state.session,
    'vault.info': () => ({ seq: state.seq }),
    'gateway.status': () => ({ ...gateway, recent: [], history: [] }),
    'tokens.list': () => noTokens,
  };
  const location = {
    current: hash,
    get hash() {
      return this.current;
    },
    set hash(value: string) {
      this.current = value;
      for (const listener of hashListeners) listener();
    },
  };
  vi.stubGlobal('window', {
    location,
    addEventListener: (_name: string, listener: () => void) => hashListeners.push(listener),
    setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
    clearTimeout: (timer: NodeJS.Timeout) => clearTimeout(timer),
  });
  vi.stubGlobal('fetch', async (url: string, init: { readonly body: string }) => {
    const method = url.replace('/rpc/', '');
    const input: unknown = JSON.parse(init.body);
    calls.push({ method, input });
    try {
      const value = await (answers[method] ?? (() => []))(input as never);
      return { status: 200, json: async () => ({ ok: true, value }) };
    } catch (error) {
      return { status: 200, json: async () => ({ ok: false, error: error as WireError }) };
    }
  });
  const fire = (name: string, event: unknown) => {
    for (const listener of eventListeners.get(name) ?? []) listener(event);
  };
  vi.stubGlobal(
    'EventSource',
    class {
      addEventListener(name: string, listener: (event: unknown) => void) {
        eventListeners.set(name, (eventListeners.get(name) ?? new Set()).add(listener));
      }
      removeEventListener(name: string, listener: (event: unknown) => void) {
        eventListeners.get(name)?.delete(listener);
      }
    },
  );
  return {
    calls,
    /** The names of the calls since the last time. */
    takeCalls: () =>
      calls
        .splice(0)
        .map(({ method }) => method)
        .sort(),
    answer: (method: string, answer: Answer) => (answers[method] = answer),
    state,
    emit: <N extends HostEventName>(name: N, event: HostEvent<N>) => {
      if (name === 'vault.changed') state.seq = (event as HostEvent<'vault.changed'>).seq;
      fire(name, { data: JSON.stringify(event) });
    },
    connect: () => fire('open', {}),
    go: (to: string) => (location.hash = to),
  };
}

/** Lets everything run that waits for nothing but answers. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
