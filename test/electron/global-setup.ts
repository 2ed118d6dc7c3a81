import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeAppTree } from './support/app-tree.ts';
import { obtainElectron } from './support/obtain-electron.ts';
import { usePrivateStateDir } from '../support/private-state-dir.ts';
import { startPrivateSession } from './support/private-session.ts';

/** Once per run: a real Electron with the product inside, a private display, bus and keyring. No Electron is a failure. */
export default async function globalSetup(): Promise<() => void> {
  const removeStateDir = usePrivateStateDir();
  const work = mkdtempSync(path.join(tmpdir(), 'latchkey-electron-'));
  const electron = await obtainElectron((line) => process.stderr.write(`${line}\n`));
  process.stderr.write(`Electron ${electron.version} (${electron.origin})\n`);
  process.env['LATCHKEY_TEST_EXECUTABLE'] = await makeAppTree(electron, work);
  process.env['LATCHKEY_TEST_ELECTRON'] = JSON.stringify(electron);
  process.env['LATCHKEY_TEST_WORK'] = work;
  const session = process.platform === 'linux' ? await startPrivateSession() : undefined;
  Object.assign(process.env, session?.env);
  return () => {
    session?.stop();
    removeStateDir();
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  };
}
