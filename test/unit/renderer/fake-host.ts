/** A host without a browser: answers calls, sends events, loses its connection. Import the app's modules after `startFakeHost`. */
import { vi } from 'vitest';
import type { HostEvent, HostEventName } from '../../../shared/contract/contract.ts';
import type { SessionView } from '../../../shared/contract/session-views.ts';
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
  const invoke = async (method: string, input: unknown) => {
    // As it would come over a border.
    const plain: unknown = JSON.parse(JSON.stringify(input));
    calls.push({ method, input: plain });
    try {
      return { ok: true, value: await (answers[method] ?? (() => []))(plain as never) };
    } catch (error) {
      return { ok: false, error: error as WireError };
    }
  };
  const on = (name: string, listener: (event: unknown) => void) => {
    eventListeners.set(name, (eventListeners.get(name) ?? new Set()).add(listener));
    return () => eventListeners.get(name)?.delete(listener);
  };
  const fire = (name: string, event: unknown) => {
    for (const listener of eventListeners.get(name) ?? []) listener(event);
  };
  vi.stubGlobal('window', {
    location,
    latchkey: {
      invoke,
      on,
      onConnected: (listener: () => void) => on('connected', listener),
      onSignedOut: (listener: (why: unknown) => void) => on('signed-out', listener),
    },
    addEventListener: (_name: string, listener: () => void) => hashListeners.push(listener),
    setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
    clearTimeout: (timer: NodeJS.Timeout) => clearTimeout(timer),
  });
  return {
    calls,
    /** The names of the calls since the last time. */
    takeCalls: () =>
      calls
        .splice(0)
        .map(({ method }) => method)
        .sort(),
    answer: (method: string, answer: Answer) => (answers[method] = answer),
    /** The host says no, in whatever words. */
    refuse: (method: string, error: WireError) =>
      (answers[method] = () => {
        // Not thrown here, but on the other side of the border.
        // oxlint-disable-next-line only-throw-error
        throw error;
      }),
    state,
    emit: <N extends HostEventName>(name: N, event: HostEvent<N>) => {
      if (name === 'vault.changed') state.seq = (event as HostEvent<'vault.changed'>).seq;
      fire(name, structuredClone(event));
    },
    connect: () => fire('connected', undefined),
    signOut: (why: string) => fire('signed-out', why),
    go: (to: string) => (location.hash = to),
  };
}

/** Lets everything run that waits for nothing but answers. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
