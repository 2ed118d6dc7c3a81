import { agentStateDir, vaultIdIn } from '../services/agent-keys.ts';
import type { App } from '../services/app.ts';
import type { AgentPort } from '../services/context.ts';
import { agentCalls } from '../agent/agent-calls.ts';
import { AgentServer } from '../agent/server.ts';

/** The open app as an agent of the command line: after a click, until the lock or the agent's own end. */
export type AppAgent = {
  readonly port: AgentPort;
  /** The app that is served; its host hands it in when it is made. */
  readonly bind: (app: App) => void;
};

/** @param dataDir folder of the vault, by which commands find the agent */
export function appAgent(dataDir: string, stateDir: string = agentStateDir()): AppAgent {
  let app: App | undefined;
  let server: AgentServer | undefined;
  let tell = (): void => undefined;

  return {
    bind: (made) => {
      app = made;
    },
    port: {
      by: 'app',
      view: () => (server?.isServing() === true ? server.times() : undefined),
      start: async () => {
        const served = app;
        const vaultId = vaultIdIn(dataDir);
        if (served === undefined || vaultId === undefined) throw new Error('an agent before its app');
        const made = new AgentServer({
          dataDir,
          stateDir,
          vaultId,
          call: agentCalls(served),
          on: (name, listener) => served.on(name, listener),
          isUnlocked: () => served.session.isUnlocked(),
          onEnd: () => tell(),
        });
        await made.start();
        server = made;
        tell();
      },
      stop: () => server?.stop('asked'),
      onChange: (listener) => {
        tell = listener;
      },
    },
  };
}
