import type { Command } from 'commander';
import type { AgentView } from '../../shared/contract/session-views.ts';
import { appVersion } from '../hosts/data-dir.ts';
import { texts } from '../../shared/texts/texts.ts';
import { print } from './output.ts';
import type { GlobalOptions } from './session.ts';
import { dataDirOf, globalOptionsOf, noOrganization, passphraseOf } from './session.ts';

const says = texts.cli.status;

const words = texts.cli.agent;

/** `unlock`, `lock`, `status`. */
export function addAgentCommands(program: Command): void {
  program
    .command('unlock')
    .description(words.unlock)
    .action((_own: object, command: Command) => unlock(globalOptionsOf(command)));
  program
    .command('lock')
    .description(words.lock)
    .action((_own: object, command: Command) => lock(globalOptionsOf(command)));
  program
    .command('status')
    .description(words.status)
    .action((_own: object, command: Command) => status(globalOptionsOf(command)));
  // Started by `unlock`; not for people.
  program.command('agent-process', { hidden: true }).action(async () => {
    const [{ runAgentProcess }, { forkGateway }] = await Promise.all([
      import('../agent/agent-process.ts'),
      import('../hosts/fork-gateway.ts'),
    ]);
    await runAgentProcess({ version: appVersion, launchGateway: forkGateway });
    // A gateway's or a watch's handle must not keep a locked process alive.
    process.exit(0);
  });
}

async function unlock(options: GlobalOptions): Promise<void> {
  const [{ openAgentSession, agentEnds }, { startAgent }, { agentStateDir, keysToHandOver, vaultIdIn }] =
    await Promise.all([
      import('./agent-session.ts'),
      import('../agent/start-agent.ts'),
      import('../services/agent-keys.ts'),
    ]);
  const dataDir = dataDirOf(options);
  if (vaultIdIn(dataDir) === undefined) throw noOrganization(dataDir);
  const ask = (): Promise<string> => passphraseOf(options);
  const running = await openAgentSession(dataDir, ask);
  if (running !== undefined) {
    try {
      const view = await running.client.agent.status();
      print(options.json, { ...view, pid: running.pid, isNew: false }, words.already(agentEnds(view)));
      return;
    } finally {
      running.close();
    }
  }
  const opened = await keysToHandOver(dataDir, await ask());
  const acceptRestored = options.acceptRestored ?? false;
  await startAgent({ dataDir, stateDir: agentStateDir(), acceptRestored, opened });
  const started = await openAgentSession(dataDir, ask);
  if (started === undefined) return;
  try {
    const view = await started.client.agent.status();
    const { organizationName = '', operator } = await started.client.session.status();
    print(
      options.json,
      { ...view, pid: started.pid, isNew: true, organization: organizationName, operator },
      words.unlocked(organizationName, operator?.name ?? '', agentEnds(view)),
    );
  } finally {
    started.close();
  }
}

async function lock(options: GlobalOptions): Promise<void> {
  const { openAgentSession } = await import('./agent-session.ts');
  const running = await openAgentSession(dataDirOf(options), () => passphraseOf(options), {
    isLock: true,
  });
  if (running === undefined) {
    print(options.json, { locked: false }, words.nothing);
    return;
  }
  await running.client.session.lock();
  // The agent goes on until it has forgotten everything.
  await running.closed;
  print(options.json, { locked: true }, words.locked);
}

type Status = {
  readonly version: string;
  readonly dataDir: string;
  readonly vault: string;
  readonly organization?: string;
  readonly operator?: string;
  readonly agent: AgentView & { readonly pid?: number };
};

async function status(options: GlobalOptions): Promise<void> {
  const { openAgentSession, agentEnds } = await import('./agent-session.ts');
  const dataDir = dataDirOf(options);
  const running = await openAgentSession(dataDir, () => passphraseOf(options));
  const found: Status =
    running === undefined
      ? { ...(await lockedStatus(dataDir)), agent: { by: 'none', serving: false } }
      : await runningStatus(dataDir, running).finally(() => running.close());
  const { agent } = found;
  const { findGateway, whoText } = await import('./gateway-status.ts');
  const gateway = found.vault === 'none' ? undefined : await findGateway(options);
  const facts: readonly (readonly [string, string])[] = [
    ['Latchkey', found.version],
    [says.data, dataDir],
    [
      says.organization,
      found.organization ?? words.vault[found.vault as keyof typeof words.vault] ?? found.vault,
    ],
    ...(found.operator === undefined ? [] : [[says.operator, found.operator] as const]),
    [
      says.unlocked,
      agent.serving
        ? says.by(agent.by === 'app' ? 'app' : 'agent', agent.pid ?? '?', agentEnds(agent))
        : says.notUnlocked,
    ],
    ...(gateway === undefined
      ? []
      : [
          [
            texts.gatewayStatus.names.gateway,
            `${whoText(gateway)}${gateway.who === 'ours' ? `; ${texts.gatewayStatus.more}` : ''}`,
          ] as const,
        ]),
  ];
  print(
    options.json,
    { ...found, gateway },
    facts.map(([name, value]) => `${name.padEnd(13)} ${value}`).join('\n'),
  );
}

async function lockedStatus(dataDir: string): Promise<Omit<Status, 'agent'>> {
  const { vaultIdIn } = await import('../services/agent-keys.ts');
  return { version: appVersion, dataDir, vault: vaultIdIn(dataDir) === undefined ? 'none' : 'locked' };
}

async function runningStatus(
  dataDir: string,
  running: NonNullable<Awaited<ReturnType<typeof import('./agent-session.ts').openAgentSession>>>,
): Promise<Status> {
  const { vault, organizationName, operator } = await running.client.session.status();
  const view = await running.client.agent.status();
  return {
    version: appVersion,
    dataDir,
    vault,
    ...(organizationName === undefined ? {} : { organization: organizationName }),
    ...(operator === undefined ? {} : { operator: operator.name }),
    agent: { ...view, pid: running.pid },
  };
}
