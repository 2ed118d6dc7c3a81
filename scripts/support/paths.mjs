// Where things are. Only node: built-ins: these scripts run before anything is installed, on the machine's own Node.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** The pinned Node that comes with the dependencies; what is built and tested runs on it, whatever the machine has. */
export const pinnedNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** A file inside the repository. */
export const inRoot = (...parts) => join(root, ...parts);
