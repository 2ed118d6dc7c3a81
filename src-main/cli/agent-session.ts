/** A command that works in an organization which an agent holds open. */
import { createClient } from '../../shared/contract/client.ts';
import type { HostEvent, HostEventName } from '../../shared/contract/contract.ts';
import type { AgentView, SessionView } from '../../shared/contract/session-views.ts';
import type { Client } from '../../shared/contract/types.ts';
import type { WireResult } from '../../shared/errors.ts';
import { fromWireError, LatchkeyError } from '../../shared/errors.ts';
import { addressPath, readAddress } from '../agent/address-file.ts';
import { connectToAgent } from '../agent/client.ts';
import { agentStateDir, vaultIdIn } from '../services/agent-keys.ts';
import { inWordsOfOptions } from './bad-input.ts';
import { printNotice } from './output.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.agent;

/** Whether an alarm is worth a line before the command's own answer, which may be about just that. */
export type IsTold = (code: SessionView['alarms'][number]['code']) => boolean;

export type AgentSession = {
  readonly client: Client;
  readonly on: <N extends HostEventName>(name: N, listener: (event: HostEvent<N>) => void) => () => void;
  readonly pid: number;
  /** Resolves when the agent has let go of this command. */
  readonly closed: Promise<void>;
  readonly close: () => void;
};

/**
 * Connects to the agent of a data folder.
 * @param askAgain asks a person for the passphrase, where an act wants it once more
 * @param options isLock: it is to be ended, and may belong to a vault that is no longer there; isTold: of which alarms
 * @returns undefined when there is none, or it is gone
 * @throws LatchkeyError AGENT_UNTRUSTED, AGENT_REFUSED
 */
export async function openAgentSession(
  dataDir: string,
  askAgain: () => Promise<string>,
  { isLock = false, isTold = () => true }: { isLock?: boolean; isTold?: IsTold } = {},
): Promise<AgentSession | undefined> {
  const place = addressPath(agentStateDir(), dataDir);
  const where = readAddress(place);
  if (where === undefined) return undefined;
  if (!isLock && vaultIdIn(dataDir) !== where.vaultId) {
    throw new LatchkeyError('AGENT_REFUSED', says.otherOrganization);
  }
  const connection = await connectToAgent(where).catch((error: unknown) => {
    // One that ends while somebody comes says nothing any more, and takes its address away.
    if (readAddress(place) === undefined) return undefined;
    throw error;
  });
  if (connection === undefined) return undefined;
  const on: AgentSession['on'] = (name, listener) =>
    connection.on(name, (data) => listener(data as Parameters<typeof listener>[0]));
  const invoke = async (method: string, input: unknown): Promise<WireResult<unknown>> => {
    const first = await connection.invoke(method, input);
    if (first.ok || first.error.code !== 'PASSPHRASE_REQUIRED') return inWordsOfOptions(first);
    printNotice(`latchkey: ${fromWireError(first.error).message}`);
    const confirmed = await connection.invoke('session.confirm', { passphrase: await askAgain() });
    return inWordsOfOptions(confirmed.ok ? await connection.invoke(method, input) : confirmed);
  };
  on('notice', ({ message }) => printNotice(`latchkey: ${message}`));
  const client = createClient(invoke);
  const { alarms } = await client.session.status();
  for (const { code, message } of alarms) if (isTold(code)) printNotice(`latchkey: ${message}`);
  return { client, on, pid: connection.pid, closed: connection.closed, close: connection.close };
}

/** When an agent ends: `without a command at 10:15 UTC, and at 18:00 UTC in any case`. */
export function agentEnds({ idleEndMs, endMs }: AgentView): string {
  const at = (ms: number | undefined): string =>
    ms === undefined ? '' : `${new Date(ms).toISOString().slice(11, 16)} UTC`;
  return says.ends(at(idleEndMs), at(endMs));
}
