/**
 * Words come from the catalogue (`shared/texts/`): text of JSX, labels of its parts, and what the command line says about
 * itself. `npm run check` fails with the place of any that does not.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ownWords } from './support/own-words.mjs';
import { inRoot, root } from './support/paths.mjs';

function filesBelow(folder) {
  return readdirSync(inRoot(folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

// The gallery is for those who make the app.
const inApp = filesBelow('src-renderer').filter((path) => !path.startsWith('src-renderer/gallery/'));
const files = [...inApp, 'src-main/cli.ts', ...filesBelow('src-main/cli')].sort();
const problems = files.flatMap((path) =>
  ownWords(path, readFileSync(inRoot(path), 'utf8')).map((text) => `${path}: ${text}`),
);
if (problems.length > 0) {
  process.stderr.write(
    `Words belong into shared/texts/ (see ARCHITECTURE.md, "Contract and words").\n${problems.join('\n')}\n`,
  );
  process.exit(1);
}
