import { existsSync } from 'node:fs';
import path from 'node:path';

/** The repository's folder, looked for upwards from where the test command was started. */
export function repoRoot(): string {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'electron-builder.yml'))) return folder;
    if (folder === path.dirname(folder)) throw new Error('Start the tests inside the repository.');
  }
}
