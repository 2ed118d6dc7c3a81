/**
 * A gateway at the end of a channel: the whole of what the gateway process does. Invariant: it knows what it was sent and
 * nothing else: no vault file, no operator's key, no environment of the parent's; when the channel closes, it ends.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { WireError } from '../../shared/errors.ts';
import { LatchkeyError, toWireError } from '../../shared/errors.ts';
import type { Bundle, BundleToken } from '../../shared/model/bundle.ts';
import { failureText } from '../base/failure-text.ts';
import type { Gateway } from './gateway.ts';
import { createGateway } from './gateway.ts';
import type { GatewayCall, GatewayConfig, GatewayReply, ParentPort } from './protocol.ts';
import { RequestBatches } from './request-batches.ts';
import { runTrial } from './run-trial.ts';

export type ServeDeps = {
  readonly port: ParentPort;
  readonly now: () => number;
  /** Takes one line of the log, without its end; never waits for its reader. */
  readonly writeLine: (line: string) => void;
  readonly lostLogLines: () => number;
  /** Everything is closed: the process may go. */
  readonly onStopped: () => void;
  readonly collectGarbage: () => void;
};

const atOnce: ReadonlySet<GatewayCall['type']> = new Set([
  'stop',
  'ping',
  'try',
  'explain',
  'decision',
  'hidden',
  'names',
  'releases',
  'cache-denied',
]);

export type Serving = {
  /** Ends as if the parent had said so, with the grace time of its settings. */
  readonly drain: () => void;
  /** Ends at once. */
  readonly breakOff: () => void;
};

/** Answers the parent's calls, one after the other. */
export function serveGateway(deps: ServeDeps): Serving {
  const { port } = deps;
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const batches = new RequestBatches(
    (batch) => port.post({ batch }),
    () => {
      const loopDelayMs = Math.round(delay.max / 1e6);
      delay.reset();
      const log = gateway?.logHealth();
      return {
        ...(log === undefined ? {} : { log }),
        loopDelayMs,
        rssBytes: process.memoryUsage.rss(),
        lostLogLines: deps.lostLogLines(),
        channels: gateway?.health() ?? [],
      };
    },
  );
  let gateway: Gateway | undefined;
  let config: GatewayConfig | undefined;
  let loading: { head: Omit<Bundle, 'tokens'>; tokens: BundleToken[] } | undefined;
  let isStopping = false;

  const make = (given: GatewayConfig): Gateway => {
    const made = createGateway({
      ...given,
      now: deps.now,
      say: deps.writeLine,
      ...(given.accessLog ? { log: deps.writeLine } : {}),
    });
    made.onRequest((event) => batches.add(event));
    return made;
  };
  const current = (): Gateway => {
    if (gateway === undefined) throw new Error('a call before the gateway was made');
    return gateway;
  };

  const stop = async (graceMs: number): Promise<void> => {
    if (isStopping && graceMs > 0) return;
    isStopping = true;
    await gateway?.stop(graceMs);
    batches.flush();
    delay.disable();
  };

  const answer = async (call: GatewayCall): Promise<GatewayReply> => {
    switch (call.type) {
      case 'create':
        config = call.config;
        gateway ??= make(call.config);
        return { type: 'done' };
      case 'start':
        return { type: 'started', address: await current().start() };
      case 'load-begin':
        loading = { head: call.bundle, tokens: [] };
        return { type: 'done' };
      case 'load-tokens':
        for (const token of call.tokens) loading?.tokens.push(token);
        return { type: 'done' };
      case 'load-end': {
        if (loading === undefined) throw new Error('the end of a bundle without its beginning');
        const { head, tokens } = loading;
        loading = undefined;
        return { type: 'enforced', answer: await current().load({ ...head, tokens }) };
      }
      case 'apply':
        return { type: 'enforced', answer: current().apply(call.delta) };
      case 'deny':
        return { type: 'enforced', answer: current().deny(call.denials) };
      case 'configure':
        if (config !== undefined) config = { ...config, ...call.config };
        gateway?.configure(call.config);
        return { type: 'done' };
      case 'facts':
        current().setFacts(call.facts);
        return { type: 'done' };
      case 'explain':
        return { type: 'explained', answer: await current().explain(call.question) };
      case 'decision':
        return { type: 'decided', decision: current().decision(call.id) };
      case 'hidden':
        return { type: 'hidden', answer: await current().hidden(call.question) };
      case 'names':
        return { type: 'names', answer: await current().names(call.question) };
      case 'releases':
        return { type: 'releases', answer: current().releases(call.limit) };
      case 'cache-denied':
        return { type: 'cache-denied', sha256s: await current().cacheDenied() };
      case 'try':
        return { type: 'tried', trial: await runTrial(call.order, deps.now) };
      case 'forget':
        gateway?.forget();
        deps.collectGarbage();
        return { type: 'done' };
      case 'ping':
        return { type: 'done' };
      case 'stop':
        await stop(call.graceMs);
        return { type: 'done' };
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  port.onMessage((message) => {
    if ('taken' in message) return batches.taken();
    const { id, call } = message;
    const reply = async (): Promise<void> => {
      try {
        port.post({ id, reply: await answer(call) });
      } catch (error) {
        port.post({ id, error: wireErrorOf(error, deps.writeLine) });
      }
      if (call.type === 'stop') deps.onStopped();
    };
    // A second, shorter stop must not wait for the first; a ping asks whether the loop turns, not whether work is done.
    // A trial is another channel's business, and who asks about a package waits for upstreams.
    if (atOnce.has(call.type)) void reply();
    else last = last.then(reply);
  });

  return {
    drain: () => void stop(config?.drainMs ?? 0).then(deps.onStopped),
    breakOff: () => void stop(0).then(deps.onStopped),
  };
}

function wireErrorOf(error: unknown, say: (line: string) => void): WireError {
  if (error instanceof LatchkeyError) return toWireError(error);
  say(`internal error: ${failureText(error)}`);
  return { code: 'INTERNAL', says: ['gatewayBug'], details: {} };
}
