/**
 * A private X display, session bus and unlocked GNOME keyring (a real Secret Service) for one test run: the developer's
 * own are neither seen nor touched. Started here rather than by a wrapper script, so that the Playwright command alone is enough.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type PrivateSession = { readonly env: Record<string, string>; readonly stop: () => void };

/** Starts the three, and returns the environment that reaches them. @throws naming the program that is missing */
export async function startPrivateSession(): Promise<PrivateSession> {
  const work = mkdtempSync(path.join(tmpdir(), 'latchkey-session-'));
  const env: Record<string, string> = {
    XDG_RUNTIME_DIR: path.join(work, 'run'),
    XDG_DATA_HOME: path.join(work, 'data'),
    XDG_CONFIG_HOME: path.join(work, 'config'),
  };
  for (const folder of Object.values(env)) mkdirSync(folder, { mode: 0o700 });
  const children: ChildProcess[] = [];
  const stop = (): void => {
    for (const child of children) child.kill();
    // A document portal, where one is installed, may leave a mount behind for a moment.
    spawnSync('fusermount', ['-uz', path.join(env['XDG_RUNTIME_DIR']!, 'doc')], { stdio: 'ignore' });
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x860x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    children.push(xvfb);
    env['DISPLAY'] = `:${await firstLine(xvfb, xvfb.stdio[3] as NodeJS.ReadableStream, 'Xvfb')}`;

    const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(bus);
    env['DBUS_SESSION_BUS_ADDRESS'] = await firstLine(bus, bus.stdout, 'dbus-daemon');

    // The password is read up to end-of-file: a newline would be part of it. It forks when it is ready, and ends with its bus.
    const keyring = spawnSync('gnome-keyring-daemon', ['--unlock', '--components=secrets'], {
      env: { ...process.env, ...env },
      input: 'test-keyring-password',
      timeout: 15_000,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    if (keyring.status !== 0)
      throw new Error(`gnome-keyring-daemon: ${keyring.error?.message ?? keyring.status}`);
  } catch (error) {
    stop();
    throw error;
  }
  return { env, stop };
}

function firstLine(child: ChildProcess, from: NodeJS.ReadableStream, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`${name} did not say that it is ready`)), 15_000);
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
    from.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(text.split('\n', 1)[0]!.trim());
    });
  });
}
