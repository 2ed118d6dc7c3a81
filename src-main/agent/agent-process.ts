/**
 * The agent that `latchkey unlock` starts: an app of its own, unlocked by keys that came over an inherited pipe, which
 * serves until it is locked, and ends. Invariant: keys come by the pipe alone, never by argument, environment or socket;
 * nothing of the parent's environment comes along but what a program needs; the process does not outlive the lock.
 */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { z } from 'zod';
import type { WireError } from '../../shared/errors.ts';
import { LatchkeyError, toWireError } from '../../shared/errors.ts';
import { cleanMemory, keepBuffersApart } from '../base/clean-memory.ts';
import type { App, AppOptions } from '../services/app.ts';
import { createApp } from '../services/app.ts';
import { handedOver } from '../services/agent-keys.ts';
import { agentCalls } from './agent-calls.ts';
import { isUse } from './messages.ts';
import type { AgentEnd } from './server.ts';
import { AgentServer } from './server.ts';

/** In the child: what it is given, and what it answers. */
export const agentPipes = { given: 3, answered: 4 } as const;
const maxGivenBytes = 64 * 1024;

export const givenToAgent = z.strictObject({
  dataDir: z.string(),
  stateDir: z.string(),
  acceptRestored: z.boolean(),
  opened: z.unknown(),
});
export type GivenToAgent = z.infer<typeof givenToAgent>;
export type AnsweredByAgent =
  { readonly ok: true; readonly pid: number } | { readonly ok: false; readonly error: WireError };

/** Runs until the lock. @param more what the host brings besides */
export async function runAgentProcess(
  more: Pick<AppOptions, 'version' | 'launchGateway'>,
): Promise<AgentEnd | undefined> {
  keepBuffersApart();
  const given = givenToAgent.parse(JSON.parse(await readAll(agentPipes.given)));
  process.chdir('/');
  let server: AgentServer | undefined;
  const app = createApp({
    dataDir: given.dataDir,
    stateDir: given.stateDir,
    ...more,
    host: {
      kind: 'browser',
      saveDialog: 'path',
      clipboard: 'page',
      agent: { by: 'process', view: () => server?.times() },
    },
    autoStartGateway: false,
    usageInstance: 'agent',
    keepLog: true,
  });
  try {
    await app.session.unlock({ opened: handedOver(given.opened) }, given.acceptRestored);
    given.opened = undefined;
    return await new Promise((resolve, reject) => {
      server = serverOf(app, given, resolve);
      serve(server).catch(reject);
    });
  } catch (error) {
    await answer({ ok: false, error: wireErrorOf(error) });
    return undefined;
  } finally {
    await app.close();
  }
}

function serverOf(
  app: App,
  { dataDir, stateDir }: GivenToAgent,
  onEnd: (why: AgentEnd) => void,
): AgentServer {
  const call = agentCalls(app);
  return new AgentServer({
    dataDir,
    stateDir,
    vaultId: app.session.vault().vaultId,
    call: async (method, input) => {
      // A command is a person's doing: the app in here does not lock before the agent would.
      if (isUse(method)) await app.handlers.session.touch({});
      return call(method, input);
    },
    on: (name, listener) => app.on(name, listener),
    isUnlocked: () => app.session.isUnlocked(),
    isLoggedIn: loginWatch(),
    onEnd,
  });
}

async function serve(server: AgentServer): Promise<void> {
  await server.start();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => server.stop('asked'));
  }
  await answer({ ok: true, pid: process.pid });
  // What the way here left: the pipe's text, the keys as they came.
  void cleanMemory();
}

/** The folder that a login session has and that goes with it (Linux); elsewhere logging out ends processes by itself. */
function loginWatch(): (() => boolean) | undefined {
  const folder = process.env['XDG_RUNTIME_DIR'];
  if (process.platform !== 'linux' || folder === undefined || !existsSync(folder)) return undefined;
  return () => existsSync(folder);
}

async function readAll(fd: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of createReadStream('', { fd }) as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > maxGivenBytes) throw new Error('more than keys are');
  }
  const all = Buffer.concat(pieces);
  for (const piece of pieces) piece.fill(0);
  try {
    return all.toString('utf8');
  } finally {
    all.fill(0);
  }
}

/** The parent waits for one line; it may be gone. */
function answer(what: AnsweredByAgent): Promise<void> {
  return new Promise((resolve) => {
    const pipe = createWriteStream('', { fd: agentPipes.answered });
    pipe.on('error', () => resolve());
    pipe.end(JSON.stringify(what), () => resolve());
  });
}

function wireErrorOf(error: unknown): WireError {
  if (error instanceof LatchkeyError) return toWireError(error);
  return { code: 'INTERNAL', says: ['bug'], details: {} };
}
