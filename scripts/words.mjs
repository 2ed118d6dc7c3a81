/**
 * Words come from the catalogue (`shared/texts/`): text of JSX, labels of its parts, and what the command line says about
 * itself. `npm run check` fails with the place of any that does not; `scripts/words-left.json` lists how many a file still
 * has of its own, and may only shrink.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ownWords } from './support/own-words.mjs';
import { inRoot, root } from './support/paths.mjs';

function filesBelow(folder) {
  return readdirSync(inRoot(folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function main() {
  const listPath = inRoot('scripts', 'words-left.json');
  const left = JSON.parse(readFileSync(listPath, 'utf8'));
  // The gallery is for those who make the app.
  const inApp = filesBelow('src-renderer').filter((path) => !path.startsWith('src-renderer/gallery/'));
  const files = [...inApp, 'src-main/cli.ts', ...filesBelow('src-main/cli')].sort();
  const now = {};
  const problems = [];
  for (const path of files) {
    const words = ownWords(path, readFileSync(inRoot(path), 'utf8'));
    if (words.length > 0) now[path] = words.length;
    const allowed = left[path] ?? 0;
    if (words.length > allowed)
      problems.push(
        `${path}: ${words.length} texts of its own, ${allowed} allowed:\n${words.map((text) => `    ${text}`).join('\n')}`,
      );
  }
  const total = Object.values(now).reduce((sum, count) => sum + count, 0);
  if (process.argv.includes('--update')) {
    writeFileSync(listPath, `${JSON.stringify(now, undefined, 2)}\n`);
  } else if (problems.length > 0) {
    process.stderr.write(
      `Words belong into shared/texts/ (see ARCHITECTURE.md, "Contract and words").\n${problems.join('\n')}\n`,
    );
    process.exit(1);
  }
  process.stdout.write(`${total} texts are still outside of the catalogue\n`);
}

main();
