/**
 * What a command may ask of an app over the agent. Invariant: the same door as everybody's, but whoever calls has typed
 * no passphrase here: the acts that hurt most ask for it, counted over the whole time of the agent, and what is about
 * the app itself (its keys, window and keychain, its gateway) is not for commands.
 */
import type { WireResult } from '../../shared/errors.ts';
import { toWireError, LatchkeyError } from '../../shared/errors.ts';
import { callMethod } from '../ipc/call-method.ts';
import type { App } from '../services/app.ts';
import { createStepUpAuth } from '../services/step-up-auth.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.agent.problems;

const ownMatters: ReadonlySet<string> = new Set([
  'session.create',
  'session.unlock',
  'session.changePassphrase',
  'keychain.enable',
  'keychain.disable',
  'keychain.unlock',
  'desktop.copySecret',
  'desktop.takeRequest',
  'desktop.choosePath',
  'exports.save',
  'exports.saveTable',
  'exports.saveCuration',
  'gateway.start',
  'gateway.stop',
  'agent.start',
  'agent.stop',
]);

export type AgentCall = (method: string, input: unknown) => Promise<WireResult<unknown>>;

/** The door for commands. One per start of an agent: what it counts, it counts from there. */
export function agentCalls(
  app: Pick<App, 'handlers' | 'session' | 'stepUpCheckBy'>,
  now: () => number = Date.now,
): AgentCall {
  const stepUpAuth = createStepUpAuth(now);
  stepUpAuth.noteUnattended();
  const called = {
    session: app.session,
    handlers: {
      ...app.handlers,
      session: {
        ...app.handlers.session,
        confirm: async ({ passphrase }: { readonly passphrase: string }) => {
          await app.session.vault().verifyPassphrase(passphrase);
          stepUpAuth.notePassphrase();
          return {};
        },
      },
    },
    checkStepUp: app.stepUpCheckBy(stepUpAuth),
  };
  return async (method, input) => {
    if (!ownMatters.has(method)) return callMethod(called, method, input);
    const refusal = new LatchkeyError('OPERATION_NOT_ALLOWED', words.inTheApp);
    return { ok: false, error: toWireError(refusal) };
  };
}
