/**
 * `npm run bench`: installs and builds what is missing, then measures requests, vaults and the interface, each beside its goals.
 * `-- --only requests`, `-- --only index` (an index of conda of 260 MB under policies), `-- --only pages` (PyPI pages under
 * policies), `-- --only direct` (the gateway against going to an index directly), `-- --only log` (questions to the request
 * log at 5 million rows), `-- --only cache` (files from the package cache beside nginx, and real installations), `-- --only vault`
 * or `-- --only interface` (the list of tokens in a browser and in the desktop app) runs one.
 */
import { parseArgs } from 'node:util';
import { provision } from '../provision.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { inRoot } from './paths.mjs';
import { runNode } from './run.mjs';

const benches = {
  requests: ['run.ts'],
  direct: ['direct.ts'],
  index: ['index', 'run.ts'],
  pages: ['pages.ts'],
  log: ['log', 'run.ts'],
  cache: ['cache.ts'],
  vault: ['vault', 'run.ts'],
  interface: ['interface', 'run.ts'],
};
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only === undefined ? Object.keys(benches) : values.only.split(',');
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0)
  throw new Error(`No such bench: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`);

await ensureDependencies();
provision([
  'bench',
  ...(['direct', 'requests', 'index', 'cache'].some((name) => wanted.includes(name)) ? ['clients'] : []),
  ...(wanted.includes('interface') ? ['e2e-browser', 'e2e-electron'] : []),
]);
process.exitCode = await runNode([inRoot('scripts', 'build.mjs')]);
for (const name of wanted) {
  if (process.exitCode !== 0) break;
  process.exitCode = await runNode([inRoot('test', 'bench', ...benches[name])]);
}
