import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { clientsVenv, hubVenv } from '../support/python-clients.ts';
import type { ExportHome } from './export-home.ts';
import { filesWithSecret, followExport, unsaidPlaces } from './export-home.ts';
import { Scene } from './scene.ts';

/** A real hub with its spawner for one computer, in front of which no proxy stands; its servers run a real pip. */
let scene: Scene;
let hub: Hub | undefined;
beforeAll(async () => {
  scene = await Scene.open();
}, 120_000);
afterAll(async () => {
  await hub?.end();
  await scene.close();
});

class Hub {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #token: string;
  output = '';

  private constructor(child: ChildProcess, url: string, token: string) {
    this.#child = child;
    this.#url = url;
    this.#token = token;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (piece: Buffer) => (this.output += piece.toString()));
    }
  }

  /** @param dir where the hub keeps its own files */
  static async start(dir: string, env: Readonly<Record<string, string>>): Promise<Hub> {
    const [port, bindPort] = [await freePort(), await freePort()];
    const token = randomBytes(20).toString('hex');
    const child = spawn(
      join(hubVenv, 'bin', 'jupyterhub'),
      ['-f', join(import.meta.dirname, 'hub_config.py')],
      {
        cwd: dir,
        env: {
          PATH: `${join(hubVenv, 'bin')}:/usr/bin:/bin`,
          LANG: 'C.UTF-8',
          HUB_PORT: String(port),
          HUB_BIND_PORT: String(bindPort),
          HUB_API_TOKEN: token,
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const started = new Hub(child, `http://127.0.0.1:${port}/hub/api`, token);
    while (!(await started.#answers())) {
      if (child.exitCode !== null) throw new Error(started.output);
      await wait(100);
    }
    return started;
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.#url}/`)).ok;
    } catch {
      return false;
    }
  }

  async ask(method: string, path: string): Promise<number> {
    const headers = { authorization: `token ${this.#token}` };
    const response = await fetch(`${this.#url}${path}`, { method, headers });
    await response.text();
    return response.status;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/** What the image of a notebook server does when it starts: its hooks, then (here) a package, then the server. */
const startScript = (hook: string) => `. '${hook}'
env > "$HOME/environment"
'${join(clientsVenv, 'bin', 'pip')}' install --disable-pip-version-check --target "$HOME/site" latchkey-demo-hello > "$HOME/pip.log" 2>&1
exec '${join(hubVenv, 'bin', 'python')}' '${join(import.meta.dirname, 'notebook_server.py')}'
`;

async function startHub(home: ExportHome, tokenFile: string): Promise<Hub> {
  const text = (name: string) => readFileSync(join(home.project, name), 'utf8');
  const config = join(home.dir, 'exported.py');
  writeFileSync(config, text('jupyterhub_config.py').replaceAll('/etc/jupyterhub/latchkey-token', tokenFile));
  const start = join(home.dir, 'start.sh');
  writeFileSync(start, startScript(join(home.project, 'latchkey-netrc.sh')));
  const dir = join(home.dir, 'hub');
  mkdirSync(dir);
  return Hub.start(dir, { EXPORTED_CONFIG: config, HUB_START: start, HUB_HOMES: join(home.dir, 'homes') });
}

describe('JupyterHub', () => {
  it('starts a server that installs with the token of that moment, and leaves it in .netrc alone', async () => {
    const issued = await scene.issue();
    const home = await followExport(scene, issued, 'jupyterhub');
    const tokenFile = join(home.dir, 'token');
    // As an editor of Windows writes it.
    writeFileSync(tokenFile, `\ufeff${home.secret}\r\n`, { mode: 0o600 });
    hub = await startHub(home, tokenFile);
    const read = (name: string) => readFileSync(join(home.dir, 'homes', 'grace', name), 'utf8');

    expect([await hub.ask('POST', '/users/grace'), hub.output]).toEqual([201, expect.any(String)]);
    expect([await hub.ask('POST', '/users/grace/server'), hub.output]).toEqual([201, expect.any(String)]);
    expect(read('pip.log')).toContain('Successfully installed latchkey-demo-hello-1.1.0');
    expect(read('environment')).toMatch(/^PIP_INDEX_URL=http:\/\/127/m);
    expect(read('environment')).not.toContain('LATCHKEY_TOKEN');
    // Neither the hub's database and log nor pip's own files.
    expect(filesWithSecret(home)).toEqual(['homes/grace/.netrc', 'token']);
    expect(unsaidPlaces(home)).toEqual(['token']);
    expect(hub.output).not.toContain(home.secret.slice(12));

    const rotated = await scene.temp.client.tokens.rotate({
      id: issued.token.id,
      overlapHours: 0,
      ttlDays: 30,
    });
    writeFileSync(tokenFile, rotated.secret, { mode: 0o600 });
    expect(await hub.ask('DELETE', '/users/grace/server')).toBe(204);
    expect(await hub.ask('POST', '/users/grace/server')).toBe(201);
    expect(read('.netrc')).toContain(rotated.secret);
    expect(read('pip.log')).toContain('Successfully installed latchkey-demo-hello-1.1.0');
  }, 120_000);
});
