/** What real clients print at their usual verbosity for a token that is dead: the table in docs/clients.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuedToken } from '../../shared/contract/token-views.ts';
import { runClient, toolsVenv } from '../support/python-clients.ts';
import { rattlerInstall, Scene } from './scene.ts';

let scene: Scene;
let wheel: string;
const name = 'latchkey-demo-hello';
const dead: Record<'revoked' | 'expired', { issued: IssuedToken; reason: string }> = Object.create(null);

beforeAll(async () => {
  scene = await Scene.open();
  const { client } = scene.temp;
  const [revoked, expired] = [await scene.issue(), await scene.issue()];
  wheel = await scene.fileUrl(revoked, 'latchkey_demo_hello-1.0.0-py3-none-any.whl');
  await client.tokens.revoke({ ids: [revoked.token.id], reason: 'laptop lost' });
  dead.revoked = { issued: revoked, reason: `Token lk-${revoked.token.id} was revoked: laptop lost` };
  await client.tokens.change({ id: expired.token.id, expiresAtMs: Date.now() + 1 });
  const day = new Date().toISOString().slice(0, 10);
  dead.expired = { issued: expired, reason: `Token lk-${expired.token.id} expired on ${day}` };
}, 120_000);
afterAll(() => scene.close());

describe.each(['revoked', 'expired'] as const)('of a token that is %s', (how) => {
  const indexUrl = async () => {
    const url = new URL(`${await scene.gatewayUrl()}/pypi/acme-pypi/simple/`);
    url.username = 'token';
    url.password = dead[how].issued.secret;
    return url.href;
  };
  const fileUrl = () => {
    const url = new URL(wheel);
    url.password = dead[how].issued.secret;
    return url.href;
  };
  const pip = async (...args: string[]) => {
    const home = scene.freshDir();
    return runClient(
      'pip',
      [
        'download',
        '--no-input',
        '--no-deps',
        '--no-cache-dir',
        '--disable-pip-version-check',
        '--dest',
        home,
        ...args,
      ],
      { HOME: home, PIP_CONFIG_FILE: '/dev/null' },
    );
  };
  const uv = async (...args: string[]) => {
    const home = scene.freshDir();
    return runClient('uv', ['pip', 'install', '--no-cache', '--no-config', '--target', home, ...args], {
      HOME: home,
    });
  };

  it('pip says of a page that the credentials are wrong, and the reason with -vv', async () => {
    const plain = await pip('--index-url', await indexUrl(), name);
    expect(plain.code).toBe(1);
    expect(plain.output).toContain('WARNING: 401 Error, Credentials not correct for');
    expect(plain.output).not.toContain(dead[how].issued.secret.slice(12));
    expect((await pip('-vv', '--index-url', await indexUrl(), name)).output).toContain(dead[how].reason);
  });

  it('pip says the reason of a file', async () => {
    const refused = await pip(fileUrl());
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(`HTTP error 403 while getting`);
    expect(refused.output).toContain(`403 Client Error: ${dead[how].reason} for url`);
  });

  it('uv says the reason of a page and of a file', async () => {
    for (const args of [['--default-index', await indexUrl(), name], [`${name} @ ${fileUrl()}`]]) {
      // oxlint-disable-next-line no-await-in-loop
      const refused = await uv(...args);
      expect(refused.code).not.toBe(0);
      expect(refused.output).toContain(dead[how].reason);
      expect(refused.output).toContain('410');
    }
  });

  it('Poetry says the reason of a page', async () => {
    const home = scene.freshDir();
    const project = [
      '[project]',
      'name = "x"',
      'version = "1"',
      'requires-python = ">=3.9,<4"',
      `dependencies = ["${name}"]`,
      '[tool.poetry]',
      'package-mode = false',
      '[[tool.poetry.source]]',
      'name = "internal"',
      `url = "${await scene.gatewayUrl()}/pypi/acme-pypi/simple/"`,
      'priority = "primary"',
    ];
    writeFileSync(join(home, 'pyproject.toml'), project.join('\n'));
    const env = {
      HOME: home,
      POETRY_HTTP_BASIC_INTERNAL_USERNAME: 'token',
      POETRY_HTTP_BASIC_INTERNAL_PASSWORD: dead[how].issued.secret,
    };
    const refused = await runClient('poetry', ['lock', '-n'], env, { venv: toolsVenv, cwd: home });
    expect(refused.code).not.toBe(0);
    expect(refused.output.replaceAll(/\s+/g, ' ')).toContain(`410 Client Error: ${dead[how].reason}`);
  });

  it('rattler says the reason', async () => {
    const url = `${await scene.gatewayUrl()}/conda/t/${dead[how].issued.secret}/acme-conda`;
    const refused = await rattlerInstall(scene.freshDir(), url, 'acme-tool', undefined);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(`403 ${dead[how].reason}`);
  });
});
