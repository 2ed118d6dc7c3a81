import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientsVenv, oldestPipVenv, runClient, toolsVenv } from '../support/python-clients.ts';
import type { ExportHome } from './export-home.ts';
import { filesWithSecret, followExport, runTool, unsaidPlaces } from './export-home.ts';
import { rattlerInstall, Scene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
}, 120_000);
afterAll(async () => {
  await scene.close();
});

const follow = async (
  format: Parameters<typeof followExport>[2],
  before?: Readonly<Record<string, string>>,
): Promise<ExportHome> => followExport(scene, await scene.issue(), format, before);
const pip = (
  home: ExportHome,
  venv?: string,
  env: Readonly<Record<string, string>> = {},
  spec = 'latchkey-demo-hello',
) =>
  runClient(
    'pip',
    ['install', '--disable-pip-version-check', '--target', join(home.dir, `site-${env['N'] ?? ''}`), spec],
    { HOME: home.dir, ...env },
    venv === undefined ? {} : { venv },
  );

describe('pip', () => {
  it.each([
    ['26.3', undefined],
    ['22.3.1, the oldest', oldestPipVenv],
  ] as const)('%s installs with pip.conf and .netrc, and leaves the token there alone', async (_, venv) => {
    const home = await follow('pip-netrc');
    const installed = await pip(home, venv);
    expect(installed.output).toContain('Successfully installed latchkey-demo-hello-1.1.0');
    expect(installed.output).not.toContain(home.secret.slice(12));
    expect(filesWithSecret(home)).toEqual(['.netrc']);
    const debugged = await runClient('pip', ['config', 'debug'], { HOME: home.dir }, venv ? { venv } : {});
    expect(debugged.output).not.toContain(home.secret.slice(12));
    const listed = await runClient('pip', ['config', 'list'], { HOME: home.dir }, venv ? { venv } : {});
    expect(listed.output).not.toContain(home.secret.slice(12));
  });

  it.each([
    ['26.3', undefined],
    ['22.3.1, the oldest', oldestPipVenv],
  ] as const)('%s never asks an index that a more general file names', async (_, venv) => {
    const asked: string[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/simple/`;
    const home = await follow('pip-netrc');
    const general = join(home.dir, 'etc', 'pip');
    mkdirSync(general, { recursive: true });
    const keys = `extra-index-url = ${url}\nfind-links = ${url}\n`;
    const write = (section: string, more = '') =>
      writeFileSync(join(general, 'pip.conf'), `[${section}]\n${keys}${more}`);
    const env = { XDG_CONFIG_DIRS: join(home.dir, 'etc') };
    try {
      for (const section of ['global', 'install']) {
        write(section, `index-url = ${url}\n`);
        const installed = await pip(home, venv, { ...env, N: section });
        expect(installed.output).toContain('Successfully installed latchkey-demo-hello-1.1.0');
      }
      expect(asked).toEqual([]);
      // The general file is really read: without the exported one it decides.
      await pip(home, venv, { ...env, HOME: scene.freshDir(), PIP_NO_INPUT: '1' });
      expect(asked.length).toBeGreaterThan(0);
    } finally {
      elsewhere.closeAllConnections();
      elsewhere.close();
    }
  });

  it('installs with the token from the keyring', async () => {
    const home = await follow('pip-keyring');
    const keyring = { PYTHON_KEYRING_BACKEND: 'keyrings.alt.file.PlaintextKeyring' };
    const set = home.rendered.commands.at(-1)?.command.split(' ') ?? [];
    expect(set.slice(0, 2)).toEqual(['keyring', 'set']);
    const stored = await runTool(home, 'keyring', set.slice(1), keyring, `${home.secret}\n`);
    expect(stored.code, stored.output).toBe(0);
    // pip takes no keyring that is installed beside it, so it is found in another environment.
    const PATH = [clientsVenv, toolsVenv].map((venv) => join(venv, 'bin')).join(':');
    const installed = await pip(home, undefined, { ...keyring, PATH });
    expect(installed.output).toContain('Successfully installed latchkey-demo-hello-1.1.0');
    expect(installed.output).not.toContain(home.secret.slice(12));
    expect(filesWithSecret(home)).toEqual([]);
  });
});

describe('pip-compile', () => {
  const compile = async (home: ExportHome) => {
    writeFileSync(join(home.project, 'requirements.in'), 'latchkey-demo-hello\n');
    return runTool(home, 'pip-compile', ['--cache-dir', join(home.dir, 'cache'), 'requirements.in']);
  };

  it('writes the gateway, and no token, into requirements.txt with the recommended export', async () => {
    const home = await follow('pip-netrc');
    const compiled = await compile(home);
    expect(compiled.code, compiled.output).toBe(0);
    const text = readFileSync(join(home.project, 'requirements.txt'), 'utf8');
    expect(text).toContain('latchkey-demo-hello==1.1.0');
    expect(compiled.output).not.toContain(home.secret.slice(12));
    expect(filesWithSecret(home)).toEqual(['.netrc']);
  });

  it('writes the token of the other one into it, which that one says', async () => {
    const home = await follow('pip-conf');
    const compiled = await compile(home);
    expect(filesWithSecret(home)).toEqual(['.config/pip/pip.conf', 'project/requirements.txt']);
    expect(compiled.output).toContain(home.secret.slice(12));
    expect(unsaidPlaces(home)).toEqual([]);
    expect(home.rendered.leaks).toContainEqual({ how: 'printed', where: 'pip-compile' });
    for (const where of ['pip config list', 'pip config debug']) {
      const printed = await runClient('pip', where.split(' ').slice(1), { HOME: home.dir });
      expect(printed.output).toContain(home.secret.slice(12));
      expect(home.rendered.leaks).toContainEqual({ how: 'printed', where });
    }
  });
});

describe('uv', () => {
  const project =
    '[project]\nname = "demo"\nversion = "1"\nrequires-python = ">=3.8"\ndependencies = ["latchkey-demo-hello"]\n';
  const uv = (home: ExportHome, args: readonly string[], input?: string) =>
    runClient(
      'uv',
      args,
      { HOME: home.dir, UV_PYTHON_DOWNLOADS: 'never', UV_LINK_MODE: 'copy' },
      { cwd: home.project, ...(input === undefined ? {} : { input }) },
    );

  it('signs in by uv auth login, locks and installs, and keeps the token in its store alone', async () => {
    const home = await follow('uv-login');
    writeFileSync(join(home.project, 'pyproject.toml'), project);
    const command =
      home.rendered.commands
        .at(-1)
        ?.command.replace(/ < token-file$/, '')
        .split(' ') ?? [];
    expect(command.slice(0, 3)).toEqual(['uv', 'auth', 'login']);
    const login = await uv(home, command.slice(1), `${home.secret}\n`);
    expect(login.code, login.output).toBe(0);
    const synced = await uv(home, ['sync']);
    expect(synced.code, synced.output).toBe(0);
    expect(synced.output + login.output).not.toContain(home.secret.slice(12));
    expect(filesWithSecret(home)).toEqual(['.local/share/uv/credentials/credentials.toml']);
    expect(unsaidPlaces(home)).toEqual([]);
  });

  it('installs with the token in uv.toml, which stays there', async () => {
    const home = await follow('uv-toml');
    writeFileSync(join(home.project, 'pyproject.toml'), project);
    const synced = await uv(home, ['sync']);
    expect(synced.code, synced.output).toBe(0);
    const compiled = await uv(home, [
      'pip',
      'compile',
      '--emit-index-url',
      '-o',
      'requirements.txt',
      'pyproject.toml',
    ]);
    expect(compiled.code, compiled.output).toBe(0);
    expect(unsaidPlaces(home)).toEqual([]);
  });

  it('installs with the .netrc of the recommended export and a uv.toml without a token', async () => {
    const issued = await scene.issue();
    const home = await followExport(scene, issued, 'uv-login');
    const { files } = await scene.temp.client.exports.render({
      format: 'pip-netrc',
      tokenId: issued.token.id,
      secret: issued.secret,
    });
    const netrc = files.find((file) => file.name === '.netrc');
    writeFileSync(join(home.dir, '.netrc'), netrc?.content ?? '', { mode: 0o600 });
    const target = join(home.dir, 'site');
    const installed = await uv(home, ['pip', 'install', '--target', target, 'latchkey-demo-hello']);
    expect(installed.code, installed.output).toBe(0);
    expect(filesWithSecret(home)).toEqual(['.netrc']);
  });
});

describe('clients that read the project', () => {
  const project = (more: string) =>
    `[project]\nname = "demo"\nversion = "1"\nrequires-python = ">=3.8"\n${more}\n`;
  const dependencies = 'dependencies = ["latchkey-demo-hello"]';

  it('Poetry installs, and its lock file, caches and environment hold no token', async () => {
    const home = await follow('poetry', {
      'pyproject.toml': `${project(dependencies)}[tool.poetry]\npackage-mode = false\n`,
    });
    const script = readFileSync(join(home.project, 'poetry-env.sh'), 'utf8');
    const variables = Object.fromEntries(
      [...script.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    expect(Object.keys(variables)).toHaveLength(2);
    const env = { ...variables, POETRY_VIRTUALENVS_IN_PROJECT: 'true' };
    const installed = await runTool(home, 'poetry', ['install', '-vv'], env);
    expect(installed.output).toContain('Installing latchkey-demo-hello (1.1.0)');
    expect(installed.code).toBe(0);
    expect(installed.output).not.toContain(home.secret.slice(12));
    expect(filesWithSecret(home)).toEqual(['project/poetry-env.sh']);
  });

  it('Poetry keeps the token in its own file where there is no keyring, as the export says', async () => {
    const home = await follow('poetry', {
      'pyproject.toml': `${project(dependencies)}[tool.poetry]\npackage-mode = false\n`,
    });
    rmSync(join(home.project, 'poetry-env.sh'));
    const command = home.rendered.commands[0]?.command.split(' ') ?? [];
    expect(command.slice(0, 2)).toEqual(['poetry', 'config']);
    const kept = await runTool(home, 'poetry', command.slice(1), {}, `${home.secret}\n`);
    expect(kept.code, kept.output).toBe(0);
    const locked = await runTool(home, 'poetry', ['lock', '-vv']);
    expect(locked.code, locked.output).toBe(0);
    expect(locked.output).not.toContain(home.secret.slice(12));
    expect(filesWithSecret(home)).toEqual(['.config/pypoetry/auth.toml']);
    expect(unsaidPlaces(home)).toEqual([]);
  });

  it('PDM installs with .netrc', async () => {
    const home = await follow('pdm', {
      'pyproject.toml': `${project(dependencies)}[tool.pdm]\ndistribution = false\n`,
    });
    const installed = await runTool(home, 'pdm', ['install', '-v'], { PDM_CHECK_UPDATE: '0' });
    expect(installed.output).toContain('Install latchkey-demo-hello 1.1.0 successful');
    expect(installed.output).not.toContain(home.secret.slice(12));
    expect(filesWithSecret(home)).toEqual(['.netrc']);
  });

  it('Pipenv installs with .netrc', async () => {
    const home = await follow('pipenv');
    const pipfile = join(home.project, 'Pipfile');
    writeFileSync(pipfile, `${readFileSync(pipfile, 'utf8')}\n[packages]\nlatchkey-demo-hello = "*"\n`);
    const installed = await runTool(home, 'pipenv', ['install', '-v'], { PIPENV_VENV_IN_PROJECT: '1' });
    expect(installed.code, installed.output).toBe(0);
    expect(readFileSync(join(home.project, 'Pipfile.lock'), 'utf8')).toContain('"version": "==1.1.0"');
    expect(installed.output).not.toContain(home.secret.slice(12));
    expect(filesWithSecret(home)).toEqual(['.netrc']);
  });

  it('Hatch makes an environment with .netrc', async () => {
    const home = await follow('hatch', {
      'pyproject.toml': `${project('')}[tool.hatch.envs.default]\nskip-install = true\n${dependencies}\n`,
    });
    const made = await runTool(home, 'hatch', ['-v', 'env', 'create']);
    expect(made.output).toContain('Successfully installed latchkey-demo-hello-1.1.0');
    expect(made.output).not.toContain(home.secret.slice(12));
    expect(filesWithSecret(home)).toEqual(['.netrc']);
  });
});

describe('rattler', () => {
  it.each([
    ['conda-netrc', undefined],
    ['rattler-auth', 'rattler-auth.json'],
  ] as const)('installs with the export %s and leaves the token in its file', async (format, auth) => {
    const home = await follow(format);
    const channel = `${await scene.gatewayUrl()}/conda/acme-conda`;
    const file = auth === undefined ? undefined : join(home.dir, '.config', auth);
    const installed = await rattlerInstall(home.dir, channel, 'acme-tool', file);
    expect(installed.output).toContain('installed acme-tool=2.1.0');
    expect(unsaidPlaces(home)).toEqual([]);
  });
});
