import type { GatewayView, Settings } from '../../shared/contract/views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Channel, UpstreamCredentials } from '../../shared/model/domain.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { createGateway } from '../gateway/gateway.ts';
import type { Vault } from '../vault/vault.ts';
import { openCredentials } from './channels.ts';
import type { Context } from './context.ts';
import { RequestHistory } from './request-history.ts';
import { makeSnapshot } from './snapshot.ts';
import type { UsageStore } from './usage.ts';

/** The renderer is told at most this often, however many requests come in. */
const notifyEveryMs = 250;
const flushUsageEveryMs = 5_000;

export type EmbeddedGateway = {
  readonly handlers: Handlers['gateway'];
  /** Address that clients use, also while the gateway is down (from the settings then). */
  readonly baseUrl: () => string;
  /** Follows this vault from now on: every change reaches the gateway. */
  readonly follow: (vault: Vault) => Promise<void>;
  /** The vault is locked: the gateway goes on with the state it has; nothing of the vault is kept. */
  readonly unfollow: () => void;
  /** Resolves when the newest state is enforced. */
  readonly sync: () => Promise<void>;
  readonly startIfWanted: () => Promise<void>;
  /** Writes the usage of tokens to disk now. */
  readonly flushUsage: () => void;
  readonly onRequest: (listener: (event: GatewayRequestEvent) => void) => () => void;
  readonly close: () => Promise<void>;
};

/** The gateway inside the app (or inside `latchkey gateway`): starts, stops, follows the vault, counts. */
export function embeddedGateway(
  context: Pick<Context, 'settings' | 'now' | 'emit'>,
  usage: UsageStore,
  log: ((line: string) => void) | undefined,
): EmbeddedGateway {
  let gateway: Gateway | undefined;
  let startedAtMs: number | undefined;
  let problem: string | undefined;
  let vault: Vault | undefined;
  let stopFollowing: (() => void) | undefined;
  let latest: Awaited<ReturnType<typeof makeSnapshot>> | undefined;
  let notifyTimer: NodeJS.Timeout | undefined;
  let syncing: Promise<void> = Promise.resolve();
  const opened = new Map<string, UpstreamCredentials | undefined>();
  const history = new RequestHistory(context.now);
  const listeners = new Set<(event: GatewayRequestEvent) => void>();
  const flushTimer = setInterval(() => usage.flush(), flushUsageEveryMs).unref();

  const configured = () => context.settings.read().gateway;
  const baseUrl = (): string => publicAddress(configured(), gateway);

  const view = (): GatewayView => {
    const wanted = configured();
    const bound = gateway?.address();
    return {
      running: bound !== undefined,
      host: bound?.host ?? wanted.host,
      port: bound?.port ?? wanted.port,
      baseUrl: baseUrl(),
      ...(startedAtMs === undefined ? {} : { startedAtMs }),
      ...(problem === undefined ? {} : { problem }),
      ...(gateway?.counters() ?? { allowed: 0, denied: 0, errors: 0, bytes: 0 }),
      recent: [...history.recent()],
      history: [...history.buckets()],
    };
  };

  const notify = () => {
    notifyTimer ??= setTimeout(() => {
      notifyTimer = undefined;
      context.emit('gateway.changed', view());
    }, notifyEveryMs).unref();
  };

  const credentialsOf = async (from: Vault, channel: Channel) => {
    const key = channel.sealedCredentials;
    if (key === undefined) return undefined;
    if (!opened.has(key)) opened.set(key, await openCredentials(from, channel));
    return opened.get(key);
  };

  const refresh = async (): Promise<void> => {
    const from = vault;
    if (from === undefined) return;
    latest = await makeSnapshot(from.state(), context.now(), (channel) => credentialsOf(from, channel));
    gateway?.update(latest);
  };

  /** One after the other, so that an older state never overtakes a newer one. */
  const sync = (): Promise<void> => {
    syncing = syncing.then(refresh, refresh);
    return syncing;
  };

  const start = async (): Promise<void> => {
    if (gateway !== undefined) return;
    const { host, port, publicUrl } = configured();
    const made = createGateway({
      host,
      port,
      now: context.now,
      ...(publicUrl === '' ? {} : { publicUrl }),
      ...(log === undefined ? {} : { log }),
    });
    made.onRequest((event) => {
      history.add(event);
      usage.record(event);
      for (const listener of listeners) listener(event);
      notify();
    });
    if (latest !== undefined) made.update(latest);
    try {
      await made.start();
    } catch (error) {
      problem = error instanceof LatchkeyError ? error.message : 'The gateway could not start.';
      throw error;
    }
    gateway = made;
    startedAtMs = context.now();
    problem = undefined;
    notify();
  };

  const stop = async (): Promise<void> => {
    const running = gateway;
    gateway = undefined;
    startedAtMs = undefined;
    await running?.stop();
    usage.flush();
    notify();
  };

  return {
    handlers: {
      status: async () => view(),
      start: async () => {
        await start();
        return view();
      },
      stop: async () => {
        await stop();
        return view();
      },
    },
    baseUrl,
    follow: async (next) => {
      stopFollowing?.();
      vault = next;
      stopFollowing = next.onChange(() => void sync().catch(reportBug));
      await sync();
    },
    unfollow: () => {
      stopFollowing?.();
      stopFollowing = undefined;
      vault = undefined;
    },
    sync,
    startIfWanted: async () => {
      if (!configured().autoStart) return;
      try {
        await start();
      } catch (error) {
        // A busy port must not keep the operator out of the vault; the gateway's screen shows the problem.
        if (!(error instanceof LatchkeyError)) throw error;
        notify();
      }
    },
    flushUsage: () => usage.flush(),
    onRequest: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      clearInterval(flushTimer);
      clearTimeout(notifyTimer);
      stopFollowing?.();
      await stop();
      clearTimeout(notifyTimer);
    },
  };
}

/** A snapshot that cannot be made is a bug; it must not pass unseen as a gateway that enforces an old state. */
function reportBug(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

function publicAddress(wanted: Settings['gateway'], gateway: Gateway | undefined): string {
  if (wanted.publicUrl !== '') return wanted.publicUrl.replace(/\/+$/, '');
  const bound = gateway?.address();
  const host = bound?.host ?? wanted.host;
  // Nobody can connect to "every address": show the loopback name for it.
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${bound?.port ?? wanted.port}`;
}
