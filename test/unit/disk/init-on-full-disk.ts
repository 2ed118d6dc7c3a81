/**
 * A process that makes an organization on a disk with ever more room, and again after space was made: `node
 * init-on-full-disk.ts DIR`. The second attempt must succeed whatever the first left. Prints how each first one ended.
 */
import { strict as assert } from 'node:assert';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LatchkeyError } from '../../../shared/errors.ts';
import { forkGateway } from '../../../src-main/hosts/fork-gateway.ts';
import { createApp } from '../../../src-main/services/app.ts';
import { fill } from './fill.ts';

const [root = ''] = process.argv.slice(2);
const passphrase = 'correct horse battery staple';
const first = { organizationName: 'Org', operatorName: 'Ada', passphrase };
const open = (dir: string) =>
  createApp({
    dataDir: dir,
    stateDir: `${dir}-state`,
    version: '0.0.0-test',
    host: { kind: 'browser', saveDialog: 'path', clipboard: 'page' },
    launchGateway: forkGateway,
    autoStartGateway: false,
  });

const outcomes: string[] = [];
for (let pages = 0; pages <= 16; pages += 2) {
  const dir = join(root, `data-${pages}`);
  fill(root, pages * 4096);
  const app = open(dir);
  try {
    await app.handlers.session.create(first);
    outcomes.push('made');
  } catch (error) {
    assert.ok(error instanceof LatchkeyError, String((error as Error).stack));
    outcomes.push(error.code);
  }
  await app.close();
  rmSync(join(root, 'ballast'));

  const again = open(dir);
  const { vault } = again.session.view();
  // Taken up, or made anew; never stuck.
  if (outcomes.at(-1) === 'made') await again.handlers.session.unlock({ passphrase, acceptRestored: false });
  else await again.handlers.session.create(first);
  assert.equal((await again.handlers.environments.list({})).length, 3, `${pages} pages, then ${vault}`);
  await again.close();

  const last = open(dir);
  assert.equal(last.session.view().vault, 'locked');
  await last.handlers.session.unlock({ passphrase, acceptRestored: false });
  await last.close();
  assert.deepEqual(
    readdirSync(dir).filter((name) => name.endsWith('.tmp')),
    [],
  );
  for (const name of [dir, `${dir}-state`]) rmSync(name, { recursive: true, force: true });
}
process.stdout.write(JSON.stringify(outcomes));
process.exit(0);
