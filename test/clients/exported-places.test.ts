import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runClient } from '../support/python-clients.ts';
import type { ExportHome } from './export-home.ts';
import { filesWithSecret, followExport } from './export-home.ts';
import { Scene } from './scene.ts';

/**
 * None of these systems is to be had here (JupyterHub is: jupyterhub.test.ts). Their files are read by their documented rules, and the shell steps in them are
 * run by a real shell, with a real pip after them.
 */
let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
}, 120_000);
afterAll(async () => {
  await scene.close();
});

type Step = { readonly run?: string; readonly bash?: string; readonly env?: Record<string, string> };

const follow = async (format: Parameters<typeof followExport>[2]): Promise<ExportHome> =>
  followExport(scene, await scene.issue(), format);
const textOf = (home: ExportHome, name: string) =>
  home.rendered.files.find((file) => file.name === name)?.content ?? '';
const shell = (home: ExportHome, script: string, env: Readonly<Record<string, string>>) =>
  execFileSync('/bin/sh', ['-euc', script], {
    env: { PATH: '/usr/bin:/bin', HOME: home.dir, ...env },
    cwd: home.project,
  }).toString();
const install = (home: ExportHome, env: Readonly<Record<string, string>>) =>
  runClient('pip', ['install', '--no-cache-dir', '--target', join(home.dir, 'site'), 'latchkey-demo-hello'], {
    HOME: home.dir,
    ...env,
  });

/** The same settings for uv, which reads the same netrc file. */
async function expectUvInstalls(home: ExportHome, env: Readonly<Record<string, string>>): Promise<void> {
  const target = join(home.dir, 'uv-site');
  const uv = { HOME: home.dir, UV_PYTHON_DOWNLOADS: 'never', UV_LINK_MODE: 'copy', ...env };
  const installed = await runClient('uv', ['pip', 'install', '--target', target, 'latchkey-demo-hello'], uv);
  expect(installed.output).toContain('latchkey-demo-hello==1.1.0');
  expect(installed.code, installed.output).toBe(0);
}

/** On a cluster of Databricks every user runs code that may use the token. */
const sharedByDesign = 'latchkey/netrc';

async function expectInstalls(
  home: ExportHome,
  env: Readonly<Record<string, string>>,
  places: readonly string[],
): Promise<void> {
  const installed = await install(home, env);
  expect(installed.output).toContain('Successfully installed latchkey-demo-hello-1.1.0');
  expect(installed.output).not.toContain(home.secret.slice(12));
  expect(filesWithSecret(home)).toEqual(places);
  // Only its owner can read what the step wrote.
  for (const place of places) {
    const mode = execFileSync('stat', ['-c', '%a', join(home.dir, place)])
      .toString()
      .trim();
    expect(mode, place).toBe(place === sharedByDesign ? '644' : '600');
  }
}

describe('continuous integration', () => {
  it('GitHub Actions: the step signs in, and later steps install with the variables of the workflow', async () => {
    const home = await follow('github-actions');
    const workflow = parse(textOf(home, 'install.yml'), { version: '1.1' }) as {
      env: Record<string, string>;
      jobs: { install: { steps: Step[] } };
    };
    const step = workflow.jobs.install.steps[1];
    expect(step?.env).toEqual({ LATCHKEY_TOKEN: '${{ secrets.LATCHKEY_TOKEN }}' });
    const temp = join(home.dir, 'temp');
    mkdirSync(temp);
    const exported = join(home.dir, 'github-env');
    shell(home, step?.run ?? '', {
      LATCHKEY_TOKEN: home.secret,
      RUNNER_TEMP: temp,
      GITHUB_ENV: exported,
    });
    const [name = '', value = ''] = readFileSync(exported, 'utf8').trim().split('=');
    await expectUvInstalls(home, { ...workflow.env, [name]: value });
    await expectInstalls(home, { ...workflow.env, [name]: value }, ['temp/latchkey.netrc']);
  });

  it('GitLab: one shell runs before_script and script', async () => {
    const home = await follow('gitlab');
    const pipeline = parse(textOf(home, '.gitlab-ci.yml'), { version: '1.1' }) as {
      variables: Record<string, string>;
      default: { before_script: string[] };
    };
    const printed = shell(home, `${pipeline.default.before_script.join('\n')}\nprintf %s "$NETRC"`, {
      LATCHKEY_TOKEN: home.secret,
      TMPDIR: home.dir,
    });
    const [path = ''] = filesWithSecret(home);
    expect(printed).toBe(join(home.dir, path));
    await expectInstalls(home, { ...pipeline.variables, NETRC: printed }, [path]);
  });

  it('Azure DevOps: the secret variable is mapped into the one step that writes it', async () => {
    const home = await follow('azure-devops');
    const pipeline = parse(textOf(home, 'azure-pipelines.yml'), { version: '1.1' }) as {
      variables: Record<string, string>;
      steps: Step[];
    };
    expect(pipeline.steps.map((step) => step.env)).toEqual([
      { LATCHKEY_TOKEN: '$(LATCHKEY_TOKEN)' },
      undefined,
    ]);
    const printed = shell(home, pipeline.steps[0]?.bash ?? '', {
      LATCHKEY_TOKEN: home.secret,
      AGENT_TEMPDIRECTORY: home.dir,
    });
    const [, NETRC = ''] = /^##vso\[task\.setvariable variable=NETRC\](\S+)$/m.exec(printed) ?? [];
    await expectInstalls(home, { ...pipeline.variables, NETRC }, ['latchkey.netrc']);
  });

  it('Jenkins: the script writes the token beside the workspace and takes it away at its end', async () => {
    const home = await follow('jenkins');
    const text = textOf(home, 'Jenkinsfile');
    const variables = Object.fromEntries(
      [...text.matchAll(/^ {4}(\w+) = '(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    expect(variables['PIP_INDEX_URL']).toContain('/pypi/acme-pypi/simple/');
    // Groovy takes one backslash of two, and nothing else, out of a text between single quotes.
    const [, quoted = ''] = /sh '''\n([\s\S]*?)'''/.exec(text) ?? [];
    const script = quoted.replaceAll('\\\\', '\\').replace(/^.*pip install.*$/m, 'cp "$NETRC" copy');
    shell(home, script, { LATCHKEY_TOKEN: home.secret, WORKSPACE_TMP: join(home.dir, 'tmp') });
    await expectInstalls(home, { ...variables, NETRC: join(home.project, 'copy') }, ['project/copy']);
  });
});

describe('where notebooks run', () => {
  it('Databricks: the init script writes settings without a secret, and a netrc file', async () => {
    const home = await follow('databricks');
    const dir = join(home.dir, 'latchkey');
    shell(home, textOf(home, 'latchkey-init.sh'), { LATCHKEY_TOKEN: home.secret, LATCHKEY_DIR: dir });
    const variables = Object.fromEntries(
      textOf(home, 'cluster-variables.env')
        .trim()
        .split('\n')
        .map((line) => line.replace('/etc/latchkey', dir).split('=') as [string, string]),
    );
    expect(variables['LATCHKEY_TOKEN']).toBe('{{secrets/latchkey/token}}');
    await expectUvInstalls(home, variables);
    await expectInstalls(home, variables, ['latchkey/netrc']);
  });

  it('SageMaker: the lifecycle script takes the token from the secret store', async () => {
    const home = await follow('sagemaker');
    const bin = join(home.dir, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'aws'), '#!/bin/sh\nprintf "%s\\n" "$STORED"\n');
    chmodSync(join(bin, 'aws'), 0o755);
    shell(home, textOf(home, 'on-start.sh'), {
      PATH: `${bin}:/usr/bin:/bin`,
      STORED: home.secret,
      LATCHKEY_HOME: home.dir,
    });
    expect(readFileSync(join(home.dir, '.config', 'pip', 'pip.conf'), 'utf8')).toContain('index-url = ');
    await expectUvInstalls(home, {});
    await expectInstalls(home, {}, ['.netrc']);
  });
});

describe('Docker', () => {
  it('no file that is copied into the image holds the token, and what is copied installs with the mounted one', async () => {
    const home = await follow('docker');
    const lines = textOf(home, 'Dockerfile').replaceAll('\\\n', ' ').split('\n');
    expect(lines[0]).toBe('# syntax=docker/dockerfile:1');
    expect(lines.filter((line) => /^(ARG|ENV)/.test(line))).toEqual([]);
    const root = join(home.dir, 'image');
    for (const line of lines) {
      const [instruction, from = '', to = ''] = line.split(/\s+/);
      if (instruction !== 'COPY') continue;
      expect(textOf(home, from)).not.toContain(home.secret.slice(12));
      mkdirSync(dirname(join(root, to)), { recursive: true });
      writeFileSync(join(root, to), textOf(home, from));
    }
    const runs = lines.filter((line) => line.startsWith('RUN'));
    expect(runs).toHaveLength(2);
    for (const run of runs) {
      expect(run).toMatch(/^RUN --mount=type=secret,id=netrc,target=\/root\/\.netrc,mode=0600 /);
    }
    await expectInstalls(
      home,
      {
        PIP_CONFIG_FILE: join(root, 'etc/pip.conf'),
        NETRC: join(home.project, 'latchkey.netrc'),
      },
      ['project/latchkey.netrc'],
    );
  });
});

describe('Windows', () => {
  it('the script holds the settings, ends of here-strings at the line’s start, and no token', async () => {
    const home = await follow('windows');
    const text = textOf(home, 'latchkey-windows.ps1');
    expect(text).not.toContain(home.secret.slice(12));
    // A here-string in single quotes is taken as it is, up to '@ at the start of a line (about_Quoting_Rules).
    const written = new Map(
      [...text.matchAll(/^Set-LatchkeyFile '([^']+)' @'\n([\s\S]*?)\n'@$/gm)].map(
        ([, name = '', content = '']) => [name, content],
      ),
    );
    expect([...written.keys()]).toEqual(['pip\\pip.ini', 'uv\\uv.toml', 'conda\\.condarc']);
    writeFileSync(join(home.dir, 'pip.ini'), `${written.get('pip\\pip.ini')}\n`);
    await expectInstalls(
      home,
      { PIP_CONFIG_FILE: join(home.dir, 'pip.ini'), NETRC: join(home.project, '_netrc') },
      ['project/_netrc'],
    );
  });
});

it('variables: every line of latchkey.env is NAME=value, and the file alone is enough', async () => {
  const home = await follow('env');
  const variables = Object.fromEntries(
    textOf(home, 'latchkey.env')
      .trimEnd()
      .split('\n')
      .map((line) => {
        expect(line).toMatch(/^[A-Z][A-Z0-9_]*=/);
        const at = line.indexOf('=');
        return [line.slice(0, at), line.slice(at + 1)];
      }),
  );
  await expectInstalls(home, variables, ['project/latchkey-env.sh', 'project/latchkey.env']);
});
