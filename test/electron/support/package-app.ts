import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { bootProcesses, buildBootFile, builtProduct, ownProcesses } from './app-tree.ts';
import { obtainElectron } from './obtain-electron.ts';
import { repoRoot } from './repo-root.ts';

/**
 * Packs the built product with the Electron of the tests, by the release's configuration.
 * @param into a folder of its own
 * @returns the folder that electron-builder wrote to
 */
export async function packageApp(
  into: string,
  options: { readonly target: 'dir' | 'tar.gz'; readonly isDrivable: boolean },
): Promise<string> {
  builtProduct();
  const electron = await obtainElectron();
  const boot = path.join(into, 'boot');
  mkdirSync(boot, { recursive: true });
  await buildBootFile(path.join(boot, 'boot.cjs'));
  for (const name of ownProcesses)
    copyFileSync(path.join(builtProduct(), `main/${name}.cjs`), path.join(boot, `${name}.cjs`));
  await bootProcesses(boot);
  const output = path.join(into, 'release');
  await promisify(execFile)(
    process.execPath,
    [
      'node_modules/electron-builder/cli.js',
      '--linux',
      options.target,
      '--publish',
      'never',
      '--config',
      'test/electron/electron-builder.test.config.mjs',
      // Storing is enough to prove the archive: compressing it well takes three minutes.
      '-c.compression=store',
    ],
    {
      cwd: repoRoot(),
      maxBuffer: 64 << 20,
      env: {
        ...process.env,
        LATCHKEY_TEST_ELECTRON_DIST: electron.distDir,
        LATCHKEY_TEST_ELECTRON_VERSION: electron.version,
        LATCHKEY_PACK_OUTPUT: output,
        LATCHKEY_PACK_BOOT: boot,
        LATCHKEY_PACK_DRIVABLE: options.isDrivable ? '1' : '',
      },
    },
  );
  return output;
}
