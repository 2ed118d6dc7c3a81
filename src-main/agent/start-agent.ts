/** The parent's side of the agent's process: starts it, hands it the keys, and lets it go. */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { fromWireError, LatchkeyError } from '../../shared/errors.ts';
import type { AnsweredByAgent, GivenToAgent } from './agent-process.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.agent.problems;

/** The hidden command that the child runs. */
export const agentCommand = 'agent-process';

/** What a program needs to run at all. Nothing else: a passphrase may stand in an environment. */
const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'WINDIR',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'XDG_RUNTIME_DIR',
  'XDG_CACHE_HOME',
  'LATCHKEY_UNPACK_DIR',
];

const maxAnswerBytes = 64 * 1024;

/**
 * Starts the agent and waits until it serves.
 * @returns its process id
 * @throws LatchkeyError what kept it from starting
 */
export async function startAgent(given: GivenToAgent): Promise<number> {
  const child = spawn(process.execPath, [...ownScript(), agentCommand], {
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: Object.fromEntries(
      passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
  });
  const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
  const [, , , input, output] = child.stdio as unknown as [null, null, null, Writable, Readable];
  input.on('error', () => undefined);
  input.end(JSON.stringify(given));
  try {
    const text = await Promise.race([readAnswer(output), failed]);
    const answered = JSON.parse(text) as AnsweredByAgent;
    if (!answered.ok) throw fromWireError(answered.error);
    return answered.pid;
  } catch (cause) {
    if (cause instanceof LatchkeyError) throw cause;
    throw new LatchkeyError('AGENT_LOST', words.neverServed, { cause });
  } finally {
    output.destroy();
    child.unref();
  }
}

/** The script that Node runs; the single file is its own program. */
function ownScript(): readonly string[] {
  const [, script = ''] = process.argv;
  try {
    return realpathSync(script) === realpathSync(process.execPath) ? [] : [script];
  } catch {
    return [script];
  }
}

async function readAnswer(output: Readable): Promise<string> {
  let text = '';
  for await (const piece of output as AsyncIterable<Buffer>) {
    text += piece.toString('utf8');
    if (text.length > maxAnswerBytes) throw new Error('more than an answer is');
  }
  return text;
}
