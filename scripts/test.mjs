// `npm test [-- --only step,step]`: set-up, then every check and every test, then one closing line with the sums.
// `npm run check` is the first part alone. Goes on after a failing step, so that one run shows all that is wrong.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installDependencies, node, root, run, tool } from './lib.mjs';
import { provisionClients, provisionSystem } from './provision.mjs';

const args = process.argv.slice(2);
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '').split(',') : undefined;
const checksOnly = args.includes('--checks');
const results = join(root, 'test-results');
const isCi = Boolean(process.env.CI);

const check = (name, ...commands) => ({ name, kind: 'check', run: () => commands.every((args) => run(node, args) === 0) });
const types = ['main', 'preload', 'renderer', 'test'].map((name) => [
  tool('typescript/bin/tsc'),
  '-p',
  join(root, `tsconfig.${name}.json`),
]);

const steps = [
  check('format', [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']),
  check('lint', [tool('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings']),
  check('types', ...types),
  check('directions', [
    tool('dependency-cruiser/bin/dependency-cruiser.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    'src-main',
    'src-renderer',
    'shared',
  ]),
  check('dead-code', [tool('knip/bin/knip.js')]),
  ...['unit', 'contract', 'clients'].map((name) => ({ name, kind: 'tests', run: () => vitest(name) })),
  { name: 'e2e', kind: 'tests', run: () => playwright('e2e', 'playwright.config.ts') },
  { name: 'electron', kind: 'tests', run: () => playwright('electron', 'test/electron/playwright.config.ts') },
];

installDependencies();
const chosen = steps.filter((step) => (checksOnly ? step.kind === 'check' : !only || only.includes(step.name)));
let env = process.env;
if (chosen.some((step) => step.kind === 'tests')) {
  provisionSystem();
  env = { ...process.env, LATCHKEY_TEST_VENV: provisionClients() };
  if (run(node, [join(root, 'scripts', 'build.mjs')]) !== 0) {
    console.error('The build failed; see above.');
    process.exit(1);
  }
}
mkdirSync(results, { recursive: true });

const sum = { passed: 0, failed: 0, skipped: 0 };
const summary = [];
for (const step of chosen) {
  console.log(`\n── ${step.name} ${'─'.repeat(Math.max(0, 60 - step.name.length))}`);
  const startedAtMs = Date.now();
  const outcome = step.kind === 'check' ? countCheck(step.run()) : step.run();
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  for (const key of Object.keys(sum)) sum[key] += outcome[key];
  const mark = outcome.failed === 0 ? '✓' : '✗';
  summary.push(
    `${mark} ${step.name.padEnd(11)} ${String(outcome.passed).padStart(4)} passed, ${outcome.failed} failed` +
      `${outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : ''}  (${seconds} s)`,
  );
}

console.log(`\n${summary.join('\n')}\n`);
const skippedInCi = isCi && sum.skipped > 0;
if (skippedInCi) console.log('In CI nothing may be skipped: the skipped tests count as failed.');
console.log(
  skippedInCi
    ? `Latchkey: ${sum.passed} passed, ${sum.failed + sum.skipped} failed`
    : `Latchkey: ${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`,
);
process.exit(sum.failed > 0 || skippedInCi || sum.passed === 0 ? 1 : 0);

function countCheck(isFine) {
  return { passed: isFine ? 1 : 0, failed: isFine ? 0 : 1, skipped: 0 };
}

function vitest(project) {
  const report = freshReport(project);
  const code = run(
    node,
    [
      tool('vitest/vitest.mjs'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { env },
  );
  const data = readReport(report);
  if (!data) return { passed: 0, failed: 1, skipped: 0 };
  return settle(code, {
    passed: data.numPassedTests,
    failed: data.numFailedTests,
    skipped: data.numPendingTests + (data.numTodoTests ?? 0),
  });
}

function playwright(name, config) {
  const report = freshReport(name);
  const code = run(node, [tool('@playwright/test/cli.js'), 'test', '--config', config], {
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report, LATCHKEY_NODE: node },
  });
  const data = readReport(report);
  if (!data) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, flaky, unexpected, skipped } = data.stats;
  return settle(code, { passed: expected + flaky, failed: unexpected, skipped });
}

/** A runner that failed without a failed test (a crash, an error in a hook, no test at all) is a failure too. */
function settle(code, counts) {
  const isWrong = (code !== 0 && counts.failed === 0) || counts.passed === 0;
  return isWrong ? { ...counts, failed: Math.max(1, counts.failed) } : counts;
}

function freshReport(name) {
  const path = join(results, `${name}.json`);
  rmSync(path, { force: true });
  return path;
}

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
