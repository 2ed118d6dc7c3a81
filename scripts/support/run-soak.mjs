/**
 * `npm run soak`: what takes too long for every run of the tests: processes killed hundreds of times while they write,
 * files of hundreds of megabytes, a conda server that takes its time to start, every flow of the browser in Electron too.
 * Run it before a release and after a change to what is written to disk. Arguments go to vitest, which then runs alone;
 * `SOAK_KILLS=1000 npm run soak` kills more often.
 */
import { provision } from '../provision.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { inRoot } from './paths.mjs';
import { runNode } from './run.mjs';

const chosen = process.argv.slice(2);

await ensureDependencies();
provision(['clients', 'soak']);
const codes = [
  await runNode([
    inRoot('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--project',
    'soak',
    '--project',
    'load',
    ...chosen,
  ]),
];
if (chosen.length === 0) codes.push(await runFlowsInElectron());
process.exitCode = codes.find((code) => code !== 0) ?? 0;

/** The flows of test/e2e that `npm test` runs in the browser alone, and those that it runs in both. */
async function runFlowsInElectron() {
  provision(['e2e-electron']);
  const built = await runNode([inRoot('scripts', 'build.mjs')]);
  if (built !== 0) return built;
  const playwright = inRoot('node_modules', '@playwright', 'test', 'cli.js');
  const config = inRoot('test', 'electron', 'playwright.config.ts');
  return runNode([playwright, 'test', '-c', config, '--project=flows-in-electron'], {
    env: { ...process.env, LATCHKEY_TEST_ALL_FLOWS: '1' },
  });
}
