/** `npm run bench`: installs and builds what is missing, then measures. Arguments go to test/bench/run.ts. */
import { provision } from './provision.mjs';
import { ensureDependencies } from './support/dependencies.mjs';
import { inRoot } from './support/paths.mjs';
import { runNode } from './support/run.mjs';

await ensureDependencies();
provision(['bench']);
const built = await runNode([inRoot('scripts', 'build.mjs')]);
process.exitCode =
  built === 0 ? await runNode([inRoot('test', 'bench', 'run.ts'), ...process.argv.slice(2)]) : built;
