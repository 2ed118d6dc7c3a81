/**
 * `node scripts/regexes.mjs`, a step of `npm run check`: no regular expression of the main process and of `shared` can be
 * made to run for ever by the text that it meets. Each is judged by `recheck`; what is not linear must be listed with its
 * bound in support/bounded-regexes.mjs.
 */
import { check } from 'recheck';
import { boundedRegexes } from './support/bounded-regexes.mjs';
import { findRegexes } from './support/find-regexes.mjs';

/** The hardest of ours takes a tenth of it. */
const timeoutMs = 60_000;

const unused = new Set(boundedRegexes);
const faults = [];

/** What fuzzing finds is measured, and so chance on a busy machine: it has to be found each time. */
async function judgePattern(pattern, flags) {
  let verdict;
  for (let tries = 0; tries < 3; tries += 1) {
    verdict = await check(pattern, flags, { timeout: timeoutMs });
    if (verdict.status === 'safe' || verdict.checker === 'automaton') return verdict;
  }
  return verdict;
}

async function judge({ file, pattern, flags }) {
  const listed = boundedRegexes.find((entry) => entry.file === file && entry.pattern === pattern);
  if (pattern === undefined) {
    faults.push(`${file}: a pattern that is put together at run time`);
    return;
  }
  if (listed !== undefined) {
    unused.delete(listed);
    return;
  }
  const verdict = await judgePattern(pattern, flags);
  if (verdict.status === 'safe') return;
  const how = verdict.status === 'vulnerable' ? verdict.complexity.summary : 'unknown';
  const attack = verdict.status === 'vulnerable' ? `, with ${verdict.attack.pattern}` : '';
  faults.push(`${file}: /${pattern}/${flags} is ${how}${attack}`);
}

// Alone: it starts recheck's own process, of which each that asks before it is there would start another.
const [first, ...others] = findRegexes(['src-main', 'shared']);
if (first !== undefined) await judge(first);
await Promise.all(others.map(judge));
for (const { file, pattern } of unused) faults.push(`${file}: /${pattern}/ is listed for nothing`);
for (const fault of faults.toSorted()) process.stdout.write(`${fault}\n`);
// recheck's own process would keep this one alive.
process.exit(faults.length === 0 ? 0 : 1);
