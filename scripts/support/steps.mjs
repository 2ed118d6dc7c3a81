import { rmSync } from 'node:fs';
import { checkCounts, playwrightCounts, vitestCounts } from './counts.mjs';
import { inRoot, pinnedNode } from './paths.mjs';
import { capture, runInto } from './run.mjs';

/** The program that a package brings, by its file: a .bin link is a shell script on Windows. */
const programs = {
  prettier: 'prettier/bin/prettier.cjs',
  oxlint: 'oxlint/bin/oxlint',
  tsc: 'typescript/bin/tsc',
  depcruise: 'dependency-cruiser/bin/dependency-cruiser.mjs',
  knip: 'knip/bin/knip.js',
  vitest: 'vitest/vitest.mjs',
  playwright: '@playwright/test/cli.js',
};
/** Its output goes through us, so that it cannot see whether a terminal is there. */
function node(write, args, env = process.env) {
  const isColoured = process.stdout.isTTY && process.env.NO_COLOR === undefined;
  return runInto(write, pinnedNode, args, { env: { ...env, ...(isColoured ? { FORCE_COLOR: '1' } : {}) } });
}
const tool = (write, name, args, env) => node(write, [inRoot('node_modules', programs[name]), ...args], env);
const script = (name, says, file, more = {}) => ({
  name,
  says,
  ...more,
  run: async (write) => checkCounts(await node(write, [inRoot('scripts', file)])),
});

const check = (name, says, ...runs) => ({
  name,
  says,
  group: 'check',
  isBesideOthers: true,
  run: async (write) => {
    let failed = 0;
    for (const [program, ...args] of runs) {
      const { code, output } = await capture(pinnedNode, [
        inRoot('node_modules', programs[program]),
        ...args,
      ]);
      // Advice of a tool that found nothing is noise.
      if (code === 0) continue;
      write(output);
      failed += 1;
    }
    return checkCounts(failed);
  },
});

const vitest = (name, says) => ({
  name,
  says,
  run: async (write) => {
    const file = freshReport(name);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    return vitestCounts(await tool(write, 'vitest', ['run', '--project', name, ...reporters]), file);
  },
});

const playwright = (name, says, config) => ({
  name,
  says,
  group: 'e2e',
  run: async (write) => {
    const file = freshReport(name);
    const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
    return playwrightCounts(await tool(write, 'playwright', ['test', '-c', config], env), file);
  },
});

/** An old report must not be counted when the runner fails before it writes one. */
function freshReport(name) {
  const file = inRoot('test-results', `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

/** Those that keep one core busy run two at a time (isBesideOthers); all others have the machine to themselves. */
const steps = [
  check('format', 'Prettier', ['prettier', '--check', '--log-level', 'warn', '.']),
  check('lint', 'oxlint, with types', ['oxlint', '--type-aware', '--deny-warnings']),
  check(
    'types',
    'TypeScript, a project per process',
    ...['main', 'preload', 'renderer', 'test'].map((name) => ['tsc', '-p', `tsconfig.${name}.json`]),
  ),
  check('directions', 'which room may import which', [
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    'src-main',
    'src-renderer',
    'shared',
  ]),
  check('dead-code', 'files, exports and packages that nobody uses', ['knip']),
  script('patterns', 'recheck: no regular expression that a text can hang', 'regexes.mjs', {
    // Alone: part of what it says is measured.
    group: 'check',
  }),
  script(
    'styles',
    'colours, sizes and layers from the tokens alone; every class used, every used one there',
    'styles.mjs',
    {
      group: 'check',
      isBesideOthers: true,
    },
  ),
  script('words', 'text of the interface comes from the catalogue', 'words.mjs', {
    group: 'check',
    isBesideOthers: true,
  }),
  script('build', 'dist/, as it is shipped', 'build.mjs'),
  vitest('unit', 'one room at a time'),
  vitest('component', 'parts of the interface, in a simulated browser'),
  vitest('contract', 'every method through the door'),
  vitest('clients', 'real pip, uv and rattler'),
  playwright('e2e-browser', 'the app in Chromium', 'playwright.config.ts'),
  playwright('e2e-electron', 'the app in a real Electron', 'test/electron/playwright.config.ts'),
];

/**
 * The steps to run, in order.
 * @param {string | undefined} only names of steps or groups (`check`, `e2e`), by commas; undefined for all
 * @throws Error for a name that there is not
 */
export function chooseSteps(only) {
  if (only === undefined) return steps;
  const wanted = only.split(',').map((name) => name.trim());
  const known = new Set(steps.flatMap(({ name, group }) => (group === undefined ? [name] : [name, group])));
  const unknown = wanted.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Error(`No step ${unknown.join(', ')}. There are: ${[...known].join(', ')}.`);
  const chosen = steps.filter(({ name, group }) => wanted.includes(name) || wanted.includes(group));
  const runsProduct = chosen.some(({ name, group }) => name !== 'build' && group !== 'check');
  const build = steps.filter(({ name }) => name === 'build');
  // Tests of the product need it built; an unchanged one is built in no time.
  return runsProduct && !chosen.includes(build[0]) ? [...build, ...chosen] : chosen;
}
