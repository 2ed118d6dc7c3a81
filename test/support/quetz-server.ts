/** A real Quetz on loopback: a conda server as a company has it. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { freePort } from './free-port.ts';
import type { IndexServer } from './index-servers.ts';
import { start } from './index-servers.ts';
import { quetzVenv } from './python-clients.ts';

/** @param packages a conda channel's folder, whose packages are uploaded to the channel `team` as a person does */
export async function startQuetz(dir: string, packages: string): Promise<IndexServer> {
  mkdirSync(dir, { recursive: true });
  const config = join(dir, 'quetz.toml');
  writeFileSync(
    config,
    [
      `[sqlalchemy]\ndatabase_url = "sqlite:///${join(dir, 'deployment', 'quetz.sqlite')}"`,
      `[session]\nsecret = "${'ab'.repeat(32)}"\nhttps_only = false`,
      // Of those that it makes in `--dev`, who may sign in without a password.
      '[users]\nadmins = ["dummy:alice"]\n',
    ].join('\n'),
  );
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const args = ['run', join(dir, 'deployment'), '--copy-conf', config, '--dev', '--host', '127.0.0.1'];
  const stop = await start(
    'quetz',
    [...args, '--port', String(port)],
    dir,
    `${base}/api/channels`,
    quetzVenv,
  );
  try {
    await fill(base, packages);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `${base}/get/team`, stop };
}

async function fill(base: string, packages: string): Promise<void> {
  const login = await fetch(`${base}/api/dummylogin/alice`, { redirect: 'manual' });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const post = async (path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<void> => {
    const answer = await fetch(`${base}${path}`, { method: 'POST', headers: { cookie, ...headers }, body });
    if (!answer.ok) throw new Error(`Quetz: ${path}: ${answer.status} ${await answer.text()}`);
  };
  const channel = JSON.stringify({ name: 'team', private: false });
  await post('/api/channels', channel, { 'content-type': 'application/json' });
  const files = readdirSync(join(packages, 'noarch')).filter((name) => name.endsWith('.conda'));
  for (const file of files) {
    const form = new FormData();
    form.append('files', new Blob([readFileSync(join(packages, 'noarch', file))]), file);
    // oxlint-disable-next-line no-await-in-loop
    await post('/api/channels/team/files/', form);
  }
  // Indexed by a job of its own.
  await vi.waitFor(async () => {
    const answer = await fetch(`${base}/get/team/noarch/repodata.json`);
    const text = await answer.text();
    for (const file of files) expect(text).toContain(file);
  });
}
