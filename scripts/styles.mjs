/**
 * The styles of the renderer: every raw colour, size and layer stands in ui/tokens.css, every class of a module is used,
 * and every class that is used exists. Ends with 1 and a line per fault.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { relative, join } from 'node:path';
import { inRoot, root } from './support/paths.mjs';
import { classesOf, rawInCode, rawInStyles, usesOf } from './support/style-faults.mjs';

const files = (ending) =>
  readdirSync(inRoot('src-renderer'), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => inRoot('src-renderer', name));

const faults = [];
const report = (file, problems) => {
  for (const problem of problems) faults.push(`${relative(root, file)}${problem}`);
};

for (const file of files(/\.css$/)) {
  if (file.endsWith(join('ui', 'tokens.css'))) continue;
  report(file, rawInStyles(readFileSync(file, 'utf8')));
}

const used = new Map();
for (const file of files(/\.tsx?$/)) {
  const text = readFileSync(file, 'utf8');
  report(file, rawInCode(text));
  for (const { from, names } of usesOf(text)) {
    const module = join(file, '..', from);
    if (!existsSync(module)) {
      report(file, [`: imports ${from}, which is not there`]);
      continue;
    }
    const known = classesOf(readFileSync(module, 'utf8'));
    const all = used.get(module) ?? new Set();
    for (const name of names) {
      if (!known.has(name)) report(file, [`: ${from} has no class "${name}"`]);
      all.add(name);
    }
    used.set(module, all);
  }
}
for (const file of files(/\.module\.css$/))
  for (const name of classesOf(readFileSync(file, 'utf8')))
    if (!used.get(file)?.has(name)) report(file, [`: nobody uses the class "${name}"`]);

for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
