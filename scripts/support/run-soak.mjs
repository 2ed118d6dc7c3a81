/**
 * `npm run soak`: what takes too long for every run of the tests: processes killed hundreds of times while they write,
 * files of hundreds of megabytes. Run it before a release and after a change to what is written to disk. Arguments go
 * to vitest; `SOAK_KILLS=1000 npm run soak` kills more often.
 */
import { ensureDependencies } from './dependencies.mjs';
import { inRoot } from './paths.mjs';
import { runNode } from './run.mjs';

await ensureDependencies();
process.exitCode = await runNode([
  inRoot('node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--project',
  'soak',
  '--project',
  'load',
  ...process.argv.slice(2),
]);
