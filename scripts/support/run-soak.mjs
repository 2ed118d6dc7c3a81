/**
 * `npm run soak`: what takes too long for every run of the tests: processes killed hundreds of times while they write,
 * files of hundreds of megabytes, a conda server that takes its time to start. Run it before a release and after a change to what is written to disk. Arguments go
 * to vitest; `SOAK_KILLS=1000 npm run soak` kills more often.
 */
import { provision } from '../provision.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { inRoot } from './paths.mjs';
import { runNode } from './run.mjs';

await ensureDependencies();
provision(['clients']);
process.exitCode = await runNode([
  inRoot('node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--project',
  'soak',
  '--project',
  'load',
  ...process.argv.slice(2),
]);
