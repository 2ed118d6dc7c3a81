import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readByPython } from './format-reader.ts';
import { tempDir } from './temp-dir.ts';
import { readByApp, vectorDir } from './vector-forge.ts';

/** What app and independent reader say of lines of the vector's vault; `withHead` puts the vector's head beside them. */
export async function readByBoth(lines: readonly string[], { withHead = false } = {}) {
  const dir = tempDir();
  for (const name of withHead ? ['vault.json', 'vault.head'] : ['vault.json'])
    copyFileSync(join(vectorDir, name), join(dir, name));
  writeFileSync(join(dir, 'vault.log'), lines.map((line) => `${line}\n`).join(''), 'latin1');
  const { said } = await readByApp(lines);
  return { app: said, python: await readByPython(dir, '--keychain', '2a'.repeat(32)) };
}
