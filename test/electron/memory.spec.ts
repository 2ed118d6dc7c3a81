/** What the processes of the desktop app keep after the lock: nothing that opens anything. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import type { Bridge } from '../../shared/contract/types.ts';
import { findInMemory, processTree, searchMemory } from '../support/process-memory.ts';
import { vaultSecrets } from '../support/vault-secrets.ts';
import { expect, lock, must, test } from './support/app-fixture.ts';

test.skip(process.platform !== 'linux', 'reads /proc');

const passphrase = 'quiet-otter-lantern-83-brick';

const isAlive = (pid: number): boolean => !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');

/** By the keyboard: what a test tool sends into a page stands in the memory of the app that it drives. */
function type(text: string): void {
  const [id] = execFileSync('xdotool', ['search', '--onlyvisible', '--name', 'Latchkey'], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n');
  execFileSync('xdotool', ['windowfocus', '--sync', id!]);
  execFileSync('xdotool', ['type', '--delay', '15', text]);
}
async function typeInto(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).focus();
  type(text);
}

test('no process holds a key, passphrase or token after the lock', async ({ launch, dataDir }) => {
  test.setTimeout(180_000);
  const { app, page } = await launch();
  await page.getByLabel('Organization name').fill('Acme');
  await page.getByLabel('Your name').fill('Ada');
  await typeInto(page, 'Passphrase', passphrase);
  await typeInto(page, 'Repeat passphrase', passphrase);
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });

  const team = await must<{ id: string }>(page, 'teams.create', { name: 'data' });
  const [environment] = await must<{ id: string }[]>(page, 'environments.list');
  const channel = await must<{ id: string }>(page, 'channels.create', {
    name: 'main',
    kind: 'conda',
    upstream: { type: 'folder', label: 'packages', path: dataDir },
    environmentIds: [environment!.id],
  });
  // The page keeps the secret to itself: it does not pass through the tool.
  const id = await page.evaluate(
    async (input) => {
      const { latchkey } = window as unknown as { latchkey: Bridge };
      const result = await latchkey.invoke('tokens.issue', input);
      if (!result.ok) throw new Error(result.error.code);
      const issued = result.value as { token: { id: string }; secret: string };
      await latchkey.invoke('exports.render', {
        format: 'condarc',
        tokenId: issued.token.id,
        secret: issued.secret,
      });
      return issued.token.id;
    },
    {
      holder: { kind: 'service', name: 'ci' },
      teamId: team.id,
      environmentId: environment!.id,
      channelIds: [channel.id],
      ttlDays: 30,
    },
  );
  const root = app.process().pid!;
  const secret = findInMemory(processTree(root), new RegExp(`lk-${id}-?[0-9A-Za-z-]{30,60}`));
  expect(secret).toBeDefined();
  const secrets = [
    ...(await vaultSecrets(dataDir, passphrase)),
    { name: 'token', bytes: Buffer.from(secret!.slice('lk-'.length)) },
  ];
  const before = new Set(searchMemory(processTree(root), secrets).map((found) => found.secret));
  expect([...before].toSorted()).toEqual(secrets.map(({ name }) => name).toSorted());

  await lock(page);
  const names = () =>
    searchMemory(processTree(root), secrets).map(({ pid, secret: what, as, where }) => {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return `${what} as ${as} in ${/--type=([\w-]+)/.exec(command)?.[1] ?? 'main'} ${where}`;
    });
  await expect.poll(names, { timeout: 60_000, intervals: [1_000] }).toEqual([]);
  // All of it still runs, and unlocks again.
  expect(isAlive(root)).toBe(true);
  await must(page, 'session.unlock', { passphrase });
});
