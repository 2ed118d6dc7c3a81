import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuedToken } from '../../shared/contract/token-views.ts';
import { runClient } from '../support/python-clients.ts';
import { testPassphrase } from '../support/temp-app.ts';
import { pipInstall, rattlerInstall, Scene, uvInstall } from './scene.ts';

let scene: Scene;
const secrets: string[] = [];

const issue = async (options: Parameters<Scene['issue']>[0] = {}): Promise<IssuedToken> => {
  const issued = await scene.issue(options);
  secrets.push(issued.secret);
  return issued;
};
const revoke = (issued: IssuedToken, reason: string) =>
  scene.temp.client.tokens.revoke({ ids: [issued.token.id], reason });

beforeAll(async () => {
  scene = await Scene.open();
}, 120_000);
afterAll(async () => {
  await scene.close();
});

describe('pip', () => {
  it('installs with the exported pip.conf, and says after a revocation that the credentials are wrong', async () => {
    const issued = await issue();
    const { home } = await scene.writeExport(issued, 'pip-conf');
    const target = join(home, 'site');
    const installed = await pipInstall(home, 'latchkey-demo-hello', target);
    expect(installed.output).toContain('Successfully installed latchkey-demo-hello-1.1.0');
    expect(installed.code).toBe(0);
    expect(readFileSync(join(target, 'latchkey_demo_hello', '__init__.py'), 'utf8')).toContain('1.1.0');

    await revoke(issued, 'laptop lost');
    const refused = await pipInstall(home, 'latchkey-demo-hello', join(home, 'again'));
    expect(refused.code).not.toBe(0);
    // At normal verbosity; of a 403 it would say nothing.
    expect(refused.output).toContain('401 Error, Credentials not correct');
    expect(refused.output).toContain('laptop lost');
  });

  it('prints the reason without being asked when a file is refused', async () => {
    const issued = await issue();
    const url = await scene.fileUrl(issued, 'latchkey_demo_hello-1.0.0-py3-none-any.whl');
    await revoke(issued, 'project closed');
    const home = scene.freshDir();
    const refused = await runClient('pip', ['download', '--no-deps', '--dest', home, url], { HOME: home });
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/403.*project closed/);
    const uv = await runClient(
      'uv',
      ['pip', 'install', '--no-cache', '--target', home, `latchkey-demo-hello @ ${url}`],
      {
        HOME: home,
      },
    );
    expect(uv.code).not.toBe(0);
    expect(uv.output).toContain('project closed');
  });

  it('installs with the variant without a secret plus .netrc', async () => {
    const { home, rendered } = await scene.writeExport(await issue(), 'pip-netrc');
    expect(rendered.files.find((file) => file.name === 'pip.conf')?.containsSecret).toBe(false);
    const installed = await pipInstall(home, 'latchkey-demo-metrics', join(home, 'site'));
    expect(installed.output).toContain('Successfully installed latchkey-demo-metrics-0.4.2');
  });

  it('prefers the credentials in pip.conf over a .netrc with an old token beside it', async () => {
    const old = await issue();
    await revoke(old, 'old');
    const { home: oldHome } = await scene.writeExport(old, 'pip-netrc');
    const { home } = await scene.writeExport(await issue(), 'pip-conf');
    const installed = await pipInstall(home, 'latchkey-demo-hello', join(home, 'site'), {
      NETRC: join(oldHome, '.netrc'),
    });
    expect(installed.output).toContain('Successfully installed');
  });

  it('installs with the exported environment variables alone', async () => {
    const { home, rendered } = await scene.writeExport(await issue(), 'env');
    const file = rendered.files.find((entry) => entry.language === 'shell' && entry.containsSecret)!;
    // As CI would: source the file in a clean shell and look at what it exports.
    const printed = execFileSync('sh', ['-c', `set -a; . "$1"; env -0`, 'sh', join(home, file.name)], {
      env: { PATH: '/usr/bin:/bin' },
    });
    const env = Object.fromEntries(
      printed
        .toString()
        .split('\0')
        .filter((pair) => /^(PIP|UV)_/.test(pair))
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    const pip = await pipInstall(home, 'latchkey-demo-hello', join(home, 'pip'), {
      PIP_CONFIG_FILE: '/dev/null',
      ...env,
    });
    expect(pip.output).toContain('Successfully installed latchkey-demo-hello-1.1.0');
    const uv = await uvInstall(home, 'latchkey-demo-hello', join(home, 'uv'), env);
    expect(uv.output).toContain('latchkey-demo-hello==1.1.0');
    expect(uv.code).toBe(0);
  });

  it('is refused with 401 without a token', async () => {
    const home = scene.freshDir();
    const url = `${await scene.gatewayUrl()}/pypi/acme-pypi/simple/`;
    const refused = await pipInstall(home, 'latchkey-demo-hello', join(home, 'site'), {
      PIP_CONFIG_FILE: '/dev/null',
      PIP_INDEX_URL: url,
      PIP_NO_INPUT: '1',
    });
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/401|User for 127\.0\.0\.1/);
  });
});

describe('uv', () => {
  it('installs with the exported uv.toml, and after revocation prints the reason', async () => {
    const issued = await issue();
    const { home } = await scene.writeExport(issued, 'uv-toml');
    const installed = await uvInstall(home, 'latchkey-demo-hello==1.0.0', join(home, 'site'));
    expect(installed.output).toContain('latchkey-demo-hello==1.0.0');
    expect(installed.code).toBe(0);
    expect(readFileSync(join(home, 'site', 'latchkey_demo_hello', '__init__.py'), 'utf8')).toContain('1.0.0');

    await revoke(issued, 'contract ended');
    const refused = await uvInstall(home, 'latchkey-demo-hello', join(home, 'again'));
    expect(refused.code).not.toBe(0);
    // Of a refused index page uv 0.13 prints the reason for any status but 401 and 403.
    expect(refused.output).toMatch(/410.*contract ended/);
  });

  it('is refused with 401 without a token', async () => {
    const home = scene.freshDir();
    const refused = await uvInstall(home, 'latchkey-demo-hello', join(home, 'site'), {
      UV_DEFAULT_INDEX: `${await scene.gatewayUrl()}/pypi/acme-pypi/simple/`,
    });
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/401|[Uu]nauthorized/);
  });
});

describe('rattler', () => {
  it('installs with the exported authentication file, and after revocation prints the reason of the 403', async () => {
    const issued = await issue();
    const { home, rendered } = await scene.writeExport(issued, 'rattler-auth');
    const auth = join(home, rendered.files.find((file) => file.containsSecret)!.name);
    const channel = `${await scene.gatewayUrl()}/conda/acme-conda`;
    const installed = await rattlerInstall(home, channel, 'acme-tool', auth);
    expect(installed.output).toContain('installed acme-tool=2.1.0');
    expect(execFileSync(join(home, 'prefix', 'bin', 'acme-tool')).toString()).toContain('acme-tool 2.1.0');

    await revoke(issued, 'left the team');
    const again = scene.freshDir();
    const refused = await rattlerInstall(again, channel, 'acme-tool', auth);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('left the team');
  });

  it('installs from each channel URL that .condarc carries, token in the URL as conda sends it', async () => {
    const { home, rendered } = await scene.writeExport(await issue(), 'condarc');
    expect(rendered.files[0]?.name).toBe('.condarc');
    const { parse } = await import('yaml');
    const condarc = parse(readFileSync(join(home, '.condarc'), 'utf8')) as {
      channels: string[];
      default_channels: string[];
      channel_alias: string;
    };
    // conda expands a bare name with channel_alias; whole URLs stay as they are.
    const expanded = condarc.channels.map((entry) =>
      /^https?:/.test(entry) ? entry : `${condarc.channel_alias.replace(/\/$/, '')}/${entry}`,
    );
    expect(condarc.default_channels).toEqual([]);
    expect(expanded.length).toBeGreaterThan(0);
    for (const url of new Set(expanded)) {
      const run = scene.freshDir();
      const installed = await rattlerInstall(run, url, 'acme-data', undefined);
      expect(installed.output, url).toContain('installed acme-data=0.9.1');
    }
  });

  it('is refused with 401 without a token', async () => {
    const home = scene.freshDir();
    const refused = await rattlerInstall(
      home,
      `${await scene.gatewayUrl()}/conda/acme-conda`,
      'acme-tool',
      undefined,
    );
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('401');
  });
});

describe('scope', () => {
  it('keeps a dev token out of a prod channel, as if the channel did not exist', async () => {
    const issued = await issue();
    const base = await scene.gatewayUrl();
    const read = async (path: string) => {
      const response = await fetch(base + path, { headers: { authorization: `Bearer ${issued.secret}` } });
      return [response.status, response.statusText.replaceAll(/vetted-\w+|no-such/g, 'X')];
    };
    const foreign = await read('/pypi/vetted-pypi/simple/');
    expect(foreign[0]).toBe(403);
    expect(await read('/pypi/no-such/simple/')).toEqual(foreign);
    const { home, rendered } = await scene.writeExport(issued, 'rattler-auth');
    const auth = join(home, rendered.files.find((file) => file.containsSecret)!.name);
    const refused = await rattlerInstall(home, `${base}/conda/vetted-conda`, 'acme-tool', auth);
    expect(refused.output).toContain('403');
    expect(existsSync(join(home, 'prefix', 'bin', 'acme-tool'))).toBe(false);
  });

  it('is not issued for a channel outside the environment', async () => {
    await expect(issue({ channels: [scene.prodPypi] })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('loses a channel when the channel leaves the environment', async () => {
    const { client } = scene.temp;
    const issued = await issue({ environment: 'prod', channels: [scene.prodPypi] });
    const url = `${await scene.gatewayUrl()}/pypi/vetted-pypi/simple/`;
    const headers = { authorization: `Basic ${Buffer.from(`x:${issued.secret}`).toString('base64')}` };
    expect((await fetch(url, { headers })).status).toBe(200);
    const { name, kind, upstream } = scene.prodPypi;
    await client.channels.update({ id: scene.prodPypi.id, name, kind, upstream, environmentIds: [] });
    expect((await fetch(url, { headers })).status).toBe(403);
  });

  it('refuses a token from the wrong network and says so', async () => {
    const { home } = await scene.writeExport(await issue({ networks: ['10.9.0.0/16'] }), 'pip-conf');
    const refused = await pipInstall(home, 'latchkey-demo-hello', join(home, 'site'));
    expect(refused.output).toContain('403');
    expect(refused.output).toMatch(/may not be used from 127\.0\.0\.1/);
    const right = await scene.writeExport(await issue({ networks: ['127.0.0.0/8'] }), 'pip-conf');
    expect((await pipInstall(right.home, 'latchkey-demo-hello', join(right.home, 'site'))).code).toBe(0);
  });

  it('lets both tokens work during a rotation, and names the client that used the old one', async () => {
    const issued = await issue();
    const rotated = await scene.temp.client.tokens.rotate({
      id: issued.token.id,
      overlapHours: 1,
      ttlDays: 30,
    });
    secrets.push(rotated.secret);
    for (const token of [issued, rotated]) {
      const { home } = await scene.writeExport(token, 'pip-conf');
      expect((await pipInstall(home, 'latchkey-demo-hello', join(home, 'site'))).code).toBe(0);
    }
    const before = await scene.temp.client.tokens.get({ id: issued.token.id });
    expect(before).toMatchObject({ state: 'expiring', rotatedTo: rotated.token.id });
    expect(before.usage?.lastClient).toBe('pip/26.3');
    const gone = await scene.temp.client.tokens.rotate({
      id: rotated.token.id,
      overlapHours: 0,
      ttlDays: 30,
    });
    secrets.push(gone.secret);
    const { home } = await scene.writeExport(rotated, 'pip-conf');
    const refused = await pipInstall(home, 'latchkey-demo-hello', join(home, 'site'));
    expect(refused.output).toContain(`lk-${gone.token.id}`);
  });
});

describe('what is left behind', () => {
  it('has no secret in any log line, in the counters, or in the usage of tokens', async () => {
    expect(scene.log.length).toBeGreaterThan(20);
    expect(secrets.length).toBeGreaterThan(8);
    const { client, app } = scene.temp;
    const shown = JSON.stringify([scene.log, await client.gateway.status(), await client.tokens.list()]);
    app.gateway.flushUsage();
    const usage = readFileSync(join(scene.temp.dataDir, 'usage', 'app.json'), 'utf8');
    for (const secret of secrets) {
      // Not the whole token, and not the secret part behind the id either.
      expect(shown).not.toContain(secret.slice(12));
      expect(usage).not.toContain(secret.slice(12));
    }
  });
});

describe('the locked app', () => {
  it('refuses what the command line revoked meanwhile', async () => {
    const issued = await issue();
    const { home } = await scene.writeExport(issued, 'pip-conf');
    await scene.temp.client.session.lock();
    const before = await pipInstall(home, 'latchkey-demo-hello', join(home, 'before'));
    expect(before.output).toContain('Successfully installed latchkey-demo-hello-1.1.0');
    const passphraseFile = join(home, 'passphrase');
    writeFileSync(passphraseFile, `${testPassphrase}\n`, { mode: 0o600 });
    const cli = fileURLToPath(new URL('../../src-main/cli.ts', import.meta.url));
    execFileSync(process.execPath, [
      cli,
      '--data-dir',
      scene.temp.dataDir,
      '--passphrase-file',
      passphraseFile,
      'token',
      'revoke',
      `lk-${issued.token.id}`,
      '--reason=laptop lost',
    ]);
    const refused = await pipInstall(home, 'latchkey-demo-hello', join(home, 'after'));
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/40[13]/);
    expect((await scene.temp.client.session.status()).alarms.map(({ code }) => code)).toEqual([
      'changes-waiting',
    ]);
    await scene.temp.client.session.unlock({ passphrase: testPassphrase });
    const known = await pipInstall(home, 'latchkey-demo-hello', join(home, 'known'));
    expect(known.output).toContain('laptop lost');
  });
});
