import type { AgentView } from '../../shared/contract/session-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { AgentPort, Context } from './context.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.agent.problems;

/** Whether commands are served from this app, and the click that lets them be. */
export function agentService(port: AgentPort | undefined, emit: Context['emit']): Handlers['agent'] {
  const view = (): AgentView => {
    const times = port?.view();
    if (port === undefined) return { by: 'none', serving: false };
    return { by: port.by, serving: times !== undefined, ...times };
  };
  port?.onChange?.(() => emit('agent.changed', view()));
  return {
    status: async () => view(),
    start: async () => {
      if (port?.start === undefined) {
        throw new LatchkeyError('OPERATION_NOT_ALLOWED', words.notHere);
      }
      if (port.view() === undefined) await port.start();
      return view();
    },
    stop: async () => {
      port?.stop?.();
      return view();
    },
  };
}
