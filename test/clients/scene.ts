import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RenderedExport } from '../../shared/contract/export-views.ts';
import type { IssuedToken } from '../../shared/contract/token-views.ts';
import type { ExportFormatId } from '../../shared/model/export-formats.ts';
import { writeDemoConda, writeDemoPypi } from '../../src-main/services/demo-packages.ts';
import { inProcessGateway } from '../support/in-process-gateway.ts';
import type { Ran } from '../support/python-clients.ts';
import { runClient } from '../support/python-clients.ts';
import type { TempApp } from '../support/temp-app.ts';
import { openUnlockedApp } from '../support/temp-app.ts';

type Client = TempApp['client'];
type Team = Awaited<ReturnType<Client['teams']['create']>>;
type Channel = Awaited<ReturnType<Client['channels']['create']>>;

/**
 * An organization with four channels on real local folders: conda and PyPI for `dev` (and `prod`), and one of each for
 * `prod` only. Everything that the gateway logs is kept, so that a test can look for secrets in it.
 */
export class Scene {
  readonly dir = mkdtempSync(join(tmpdir(), 'latchkey-clients-'));
  log: readonly string[] = [];
  temp!: TempApp;
  team!: Team;
  environments!: { dev: string; prod: string };
  conda!: Channel;
  pypi!: Channel;
  prodConda!: Channel;
  prodPypi!: Channel;
  #runs = 0;

  static async open(): Promise<Scene> {
    const scene = new Scene();
    const gateway = inProcessGateway();
    scene.log = gateway.lines;
    scene.temp = await openUnlockedApp({ accessLog: true, launchGateway: gateway.launch });
    const { client } = scene.temp;
    const [dev, , prod] = await client.environments.list();
    scene.environments = { dev: dev!.id, prod: prod!.id };
    scene.team = await client.teams.create({ name: 'science' });
    const channel = async (name: string, kind: 'conda' | 'pypi', environments: string[]) => {
      const folder = join(scene.dir, name);
      if (kind === 'pypi') writeDemoPypi(folder);
      else {
        writeDemoConda(folder);
        // The real indexer, not our own repodata.
        const indexed = await runClient('python', [rattlerScript, 'index', folder], { HOME: scene.dir });
        if (indexed.code !== 0) throw new Error(indexed.output);
      }
      return client.channels.create({
        name,
        kind,
        upstream: { type: 'folder', label: name, path: folder },
        environmentIds: environments,
      });
    };
    scene.conda = await channel('acme-conda', 'conda', [dev!.id, prod!.id]);
    scene.pypi = await channel('acme-pypi', 'pypi', [dev!.id, prod!.id]);
    scene.prodConda = await channel('vetted-conda', 'conda', [prod!.id]);
    scene.prodPypi = await channel('vetted-pypi', 'pypi', [prod!.id]);
    return scene;
  }

  issue(
    options: { channels?: Channel[]; environment?: 'dev' | 'prod'; networks?: string[] } = {},
  ): Promise<IssuedToken> {
    return this.temp.client.tokens.issue({
      holder: { kind: 'person', name: 'Grace "Amazing" Hopper' },
      teamId: this.team.id,
      environmentId: this.environments[options.environment ?? 'dev'],
      channelIds: (options.channels ?? [this.conda, this.pypi]).map((channel) => channel.id),
      ttlDays: 30,
      networks: options.networks ?? 'anywhere',
    });
  }

  /** Renders an export and writes its files, as the operator would hand them over, into a fresh home folder. */
  async writeExport(
    issued: IssuedToken,
    format: ExportFormatId,
  ): Promise<{ home: string; rendered: RenderedExport }> {
    const rendered = await this.temp.client.exports.render({
      format,
      tokenId: issued.token.id,
      secret: issued.secret,
    });
    const home = this.freshDir();
    for (const file of rendered.files) {
      const path = join(home, file.name);
      writeFileSync(path, file.content);
      chmodSync(path, file.containsSecret ? 0o600 : 0o644);
    }
    return { home, rendered };
  }

  freshDir(): string {
    this.#runs += 1;
    const dir = join(this.dir, `run-${this.#runs}`);
    mkdirSync(dir);
    return dir;
  }

  /** The address of a wheel as the index gives it to this token, with the token in it. */
  async fileUrl(issued: IssuedToken, name: string): Promise<string> {
    const page = `${await this.gatewayUrl()}/pypi/acme-pypi/simple/latchkey-demo-hello/`;
    const response = await fetch(page, {
      headers: { authorization: `Bearer ${issued.secret}`, accept: 'application/vnd.pypi.simple.v1+json' },
    });
    const { files } = (await response.json()) as { files: { filename: string; url: string }[] };
    const url = new URL(files.find((file) => file.filename === name)!.url, page);
    url.username = 'token';
    url.password = issued.secret;
    url.hash = '';
    return url.href;
  }

  async gatewayUrl(): Promise<string> {
    return (await this.temp.client.gateway.status()).baseUrl;
  }

  async close(): Promise<void> {
    await this.temp.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export const rattlerScript = join(import.meta.dirname, 'rattler_client.py');

/**
 * pip install into a fresh folder, with nothing but the exported configuration. Very verbose: pip prints the reason
 * phrase of a refused index page only with -vv (that of a refused file always).
 */
export function pipInstall(
  home: string,
  spec: string,
  target: string,
  env: Record<string, string> = {},
): Promise<Ran> {
  return runClient(
    'pip',
    ['install', '-vv', '--no-cache-dir', '--disable-pip-version-check', '--target', target, spec],
    { HOME: home, PIP_CONFIG_FILE: join(home, 'pip.conf'), ...env },
  );
}

/** uv pip install with the exported uv.toml. */
export function uvInstall(
  home: string,
  spec: string,
  target: string,
  env: Record<string, string> = {},
): Promise<Ran> {
  return runClient('uv', ['pip', 'install', '--no-cache', '--target', target, spec], {
    HOME: home,
    UV_PYTHON_DOWNLOADS: 'never',
    ...(Object.keys(env).length === 0
      ? { UV_CONFIG_FILE: join(home, 'uv.toml') }
      : { UV_NO_CONFIG: '1', ...env }),
  });
}

/** rattler solve and install with the exported authentication file. */
export function rattlerInstall(
  home: string,
  channelUrl: string,
  spec: string,
  authFile: string | undefined,
): Promise<Ran> {
  return runClient(
    'python',
    [rattlerScript, 'install', channelUrl, spec, join(home, 'prefix'), join(home, 'cache')],
    {
      HOME: home,
      ...(authFile === undefined ? {} : { RATTLER_AUTH_FILE: authFile }),
    },
  );
}

/** What a solve of rattler takes, and from where. */
export async function rattlerSolve(
  home: string,
  channelUrl: string,
  specs: string,
  options: { readonly shards?: boolean; readonly days?: number } = {},
): Promise<{ readonly solved: string[]; readonly urls: string[]; readonly output: string }> {
  const { output } = await runClient(
    'python',
    [rattlerScript, 'solve', channelUrl, specs, join(home, 'cache'), JSON.stringify(options)],
    { HOME: home },
  );
  const listOf = (word: string): string[] =>
    output
      .split('\n')
      .find((line) => line.startsWith(`${word} `))
      ?.split(' ')
      .slice(1) ?? [];
  return { solved: listOf('solved'), urls: listOf('urls'), output };
}
