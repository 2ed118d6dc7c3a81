/**
 * `npm test [-- --only unit,e2e]`: installs what the tests need, then runs every step, whatever the others did; those
 * that keep one core busy two at a time. The summary says how long each took and how busy the processors were, and names
 * every test that failed; its last line counts: `Latchkey: N passed, N failed, N skipped`. A static check counts as one.
 * With CI=true a skipped test has failed, for a test that never runs proves nothing. Steps and groups: see steps.mjs.
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { provision } from '../provision.mjs';
import { busyShare, processorTimes } from './busy.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { inRoot } from './paths.mjs';
import { chooseSteps } from './steps.mjs';
import { takeTurns } from './turns.mjs';

const isCi = !['', '0', 'false', undefined].includes(process.env.CI);

function print(line = '') {
  process.stdout.write(`${line}\n`);
}

function seconds(startedAtMs) {
  return `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`;
}

/** Runs one step; whatever goes wrong in it is a failure of that step. */
async function runStep(step, { write, end }) {
  const startedAtMs = Date.now();
  const timesBefore = processorTimes();
  const print = (line) => write(`${line}\n`);
  print(`\n── ${step.name}: ${step.says}`);
  let counts;
  try {
    counts = await step.run(write);
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    counts = { passed: 0, failed: 1, skipped: 0, failures: [] };
  }
  if (isCi && counts.skipped > 0) {
    print(`${counts.skipped} skipped: counted as failed, as nothing may be skipped in CI.`);
    counts = { ...counts, failed: counts.failed + counts.skipped, skipped: 0 };
  }
  // Of the whole machine: of steps that run side by side, each has both.
  const busy = `${Math.round(100 * busyShare(timesBefore, processorTimes()))} % busy`;
  const mark = counts.failed === 0 ? '✓' : '✗';
  const line = `${mark} ${step.name.padEnd(13)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds(startedAtMs)}, ${busy})`;
  print(line);
  end();
  return { ...counts, line };
}

const mostAtOnce = 2;

/** Runs them in their order, side by side where both of them may be. @returns their results, in the same order */
async function runSteps(steps) {
  const join = takeTurns((text) => process.stdout.write(text));
  const running = new Set();
  const results = [];
  let isAlone = false;
  for (const step of steps) {
    const most = step.isBesideOthers && !isAlone ? mostAtOnce : 1;
    // oxlint-disable-next-line no-await-in-loop
    while (running.size >= most) await Promise.race(running);
    isAlone = !step.isBesideOthers;
    const result = runStep(step, join()).finally(() => running.delete(result));
    running.add(result);
    results.push(result);
  }
  return Promise.all(results);
}

async function main() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const steps = chooseSteps(values.only);
  await ensureDependencies();
  provision(steps.map((step) => step.name));
  mkdirSync(inRoot('test-results'), { recursive: true });

  const results = await runSteps(steps);

  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  print();
  for (const { line, failures } of results) for (const told of [line, ...failures]) print(told);
  const failed = sum('failed');
  // Waits until it is written: a pipe is asynchronous, and this has to be the last line.
  process.stdout.write(
    `\nLatchkey: ${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped\n`,
    () => process.exit(failed === 0 ? 0 : 1),
  );
}

main().catch((error) => {
  process.stderr.write(`test: ${error instanceof Error ? error.message : String(error)}\n`);
  print('Latchkey: 0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
});
