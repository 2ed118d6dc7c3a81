/** The packed app: what the fuses refuse, and the whole job from start to unlock with the real file dialog. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { launchArguments } from '../support/electron-app.ts';
import { expect, must, passphrase, setUp, test } from './support/app-fixture.ts';
import { packageApp } from './support/package-app.ts';
import { answerFileDialog, launchPackagedApp } from './support/packaged-app.ts';
import { repoRoot } from './support/repo-root.ts';

test.setTimeout(180_000);

const work = mkdtempSync(path.join(tmpdir(), 'latchkey-packaged-'));
/** Drivable, out of the tar.gz; and as released, unpacked. */
let drivable: string;
let released: string;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  const packed = await packageApp(path.join(work, 'drivable'), { target: 'tar.gz', isDrivable: true });
  const archive = `latchkey-${version()}.tar.gz`;
  mkdirSync(path.join(work, 'unpacked'));
  execFileSync('tar', [
    '-xzf',
    path.join(packed, archive),
    '-C',
    path.join(work, 'unpacked'),
    '--strip-components=1',
  ]);
  drivable = path.join(work, 'unpacked/latchkey');
  released = path.join(
    await packageApp(path.join(work, 'released'), { target: 'dir', isDrivable: false }),
    'linux-unpacked/latchkey',
  );
});
test.afterAll(() => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));

function version(): string {
  return (JSON.parse(readFileSync(path.join(repoRoot(), 'package.json'), 'utf8')) as { version: string })
    .version;
}

/** Runs the app for a few seconds, and returns what it printed. Without --no-sandbox where that would hide the answer. */
function run(
  executable: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { output: string; status: number | null } {
  const done = spawnSync('timeout', ['6', executable, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { output: done.stdout + done.stderr, status: done.status };
}

test('start, create, issue, export by the system’s dialog, quit, start again, unlock', async ({
  dataDir,
}) => {
  const folder = path.join(dataDir, 'packages');
  mkdirSync(path.join(folder, 'noarch'), { recursive: true });
  const index = '{"info":{"subdir":"noarch"},"packages":{},"packages.conda":{}}';
  writeFileSync(path.join(folder, 'noarch', 'repodata.json'), index);
  const start = () => launchPackagedApp({ executable: drivable, args: launchArguments({ dataDir }) });
  const first = await start();
  await first.page.getByLabel('Organization name').fill('Acme');
  await first.page.getByLabel('Your name').fill('Ada');
  await first.page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await first.page.getByLabel('Repeat passphrase').fill(passphrase);
  await first.page.getByRole('button', { name: 'Create organization' }).click();
  await expect(first.page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 20_000 });

  const team = await must<{ id: string }>(first.page, 'teams.create', { name: 'data' });
  const [environment] = await must<{ id: string }[]>(first.page, 'environments.list');
  const channel = await must<{ id: string }>(first.page, 'channels.create', {
    name: 'main',
    kind: 'conda',
    upstream: { type: 'folder', label: 'packages', path: folder },
    environmentIds: [environment!.id],
  });
  const issued = await must<{ token: { id: string }; secret: string }>(first.page, 'tokens.issue', {
    holder: { kind: 'service', name: 'ci-runner' },
    teamId: team.id,
    environmentId: environment!.id,
    channelIds: [channel.id],
    ttlDays: 30,
  });
  // The gateway's process, out of the archive.
  const settings = await must(first.page, 'settings.get');
  await must(first.page, 'gateway.stop');
  await must(first.page, 'settings.set', { ...settings, gateway: { port: 0 } });
  const gateway = await must<{ baseUrl: string }>(first.page, 'gateway.start');
  const asked = await fetch(`${gateway.baseUrl}/conda/main/noarch/repodata.json`, {
    headers: { authorization: `Bearer ${issued.secret}` },
  });
  expect(asked.status).toBe(200);

  const request = { format: 'condarc', tokenId: issued.token.id, secret: issued.secret };
  const rendered = await must<{ files: { name: string }[] }>(first.page, 'exports.render', request);
  const target = path.join(dataDir, 'exported condarc');
  const saved = must(first.page, 'exports.save', { ...request, fileName: rendered.files[0]!.name });
  await answerFileDialog(target);
  expect(await saved).toMatchObject({ path: target });
  expect(readFileSync(target, 'utf8')).toContain(issued.secret);
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(await first.close()).toBe(0);
  // Nothing on the disk holds the secret but the file that was asked for.
  rmSync(target);
  expect(spawnSync('grep', ['-rlF', issued.secret, dataDir], { encoding: 'utf8' }).stdout).toBe('');

  const second = await start();
  await second.page.getByLabel('Passphrase').fill(passphrase);
  await second.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await expect(second.page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 20_000 });
  expect(await must(second.page, 'tokens.get', { id: issued.token.id })).toMatchObject({ state: 'active' });
  expect(await second.close()).toBe(0);
});

test('a cancelled dialog is told as such, and writes nothing', async ({ dataDir }) => {
  const app = await launchPackagedApp({ executable: drivable, args: launchArguments({ dataDir }) });
  const { issue } = await setUp(app.page);
  const tokenId = await issue('ci');
  const rendered = await must<{ files: { name: string }[] }>(app.page, 'exports.render', {
    format: 'condarc',
    tokenId,
  });
  const saved = must(app.page, 'exports.save', {
    format: 'condarc',
    tokenId,
    fileName: rendered.files[0]!.name,
  }).then(
    () => 'saved',
    (error: Error) => error.message,
  );
  await answerFileDialog(undefined);
  expect(await saved).toContain('CANCELLED');
  await app.close();
});

test('developer tools do not open in a packaged app', async ({ dataDir }) => {
  const app = await launchPackagedApp({ executable: drivable, args: launchArguments({ dataDir }) });
  await app.page.keyboard.press('F12');
  await app.page.keyboard.press('Control+Shift+I');
  await app.page.waitForTimeout(500);
  expect(
    app.browser
      .contexts()[0]!
      .pages()
      .filter((page) => page.url().startsWith('devtools://')),
  ).toEqual([]);
  await app.close();
});

test('fuses are set as the release configuration says', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    path.join(repoRoot(), 'node_modules/@electron/fuses/dist/bin.js'),
    'read',
    '--app',
    released,
  ]);
  // eslint-disable-next-line no-control-regex
  const plain = stdout.replace(/\u001b\[[0-9;]*m/g, '');
  for (const [name, state] of [
    ['RunAsNode', 'Disabled'],
    ['EnableCookieEncryption', 'Enabled'],
    ['EnableNodeOptionsEnvironmentVariable', 'Disabled'],
    ['EnableNodeCliInspectArguments', 'Disabled'],
    ['EnableEmbeddedAsarIntegrityValidation', 'Enabled'],
    ['OnlyLoadAppFromAsar', 'Enabled'],
    ['LoadBrowserProcessSpecificV8Snapshot', 'Disabled'],
  ]) {
    expect(plain).toMatch(new RegExp(`${name} is ${state}`));
  }
});

test('it does not run as Node, and takes no code from the environment or the inspector', async ({
  dataDir,
}) => {
  const marker = path.join(dataDir, 'ran');
  const evil = path.join(dataDir, 'evil.cjs');
  writeFileSync(evil, `require('fs').writeFileSync(${JSON.stringify(marker)}, '')`);
  // Without --no-sandbox: as Node that is a bad option, so the test would pass for nothing.
  run(released, [evil], { ELECTRON_RUN_AS_NODE: '1' });
  run(released, launchArguments({ dataDir }), { NODE_OPTIONS: `--require ${evil}` });
  expect(existsSync(marker)).toBe(false);
  const inspected = run(drivable, [...launchArguments({ dataDir }), '--inspect=0']);
  expect(inspected.output).not.toContain('Debugger listening');
});

for (const name of ['remote-debugging-port=0', 'inspect=0', 'no-sandbox']) {
  test(`a released app does not start with --${name}`, async ({ dataDir }) => {
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const done = run(released, [...root, `--user-data-dir=${dataDir}`, `--${name}`]);
    expect(done.output).toContain(
      `latchkey: could not start: Latchkey does not start with --${name.split('=')[0]}:`,
    );
    expect(existsSync(path.join(dataDir, 'vault.json'))).toBe(false);
  });
}

test('it loads its code from app.asar only', async ({ dataDir }) => {
  const copy = path.join(work, 'tampered');
  cpSync(path.dirname(released), copy, { recursive: true });
  const resources = path.join(copy, 'resources');
  renameSync(path.join(resources, 'app.asar'), path.join(resources, 'moved.asar'));
  mkdirSync(path.join(resources, 'app'));
  writeFileSync(path.join(resources, 'app/package.json'), '{"name":"x","main":"x.js"}');
  writeFileSync(path.join(resources, 'app/x.js'), 'console.log("UNPACKED RAN"); process.exit(0)');
  expect(run(path.join(copy, 'latchkey'), launchArguments({ dataDir })).output).not.toContain('UNPACKED RAN');
});

test('the release starts the product itself, and ships nothing of the tests', () => {
  const release = parse(readFileSync(path.join(repoRoot(), 'electron-builder.yml'), 'utf8')) as Record<
    string,
    unknown
  >;
  const manifest = JSON.parse(readFileSync(path.join(repoRoot(), 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(manifest['main']).toBe('dist/main/main.cjs');
  expect(manifest['latchkeyTestBuild']).toBeUndefined();
  expect(release['extraMetadata']).toBeUndefined();
  expect(JSON.stringify(release)).not.toContain('boot.cjs');
  expect(release['electronFuses']).toMatchObject({
    runAsNode: false,
    grantFileProtocolExtraPrivileges: false,
  });
  const electron = (manifest['devDependencies'] as Record<string, string>)['electron']!;
  expect(Number(/\d+/.exec(electron)![0])).toBeGreaterThanOrEqual(45);
});
