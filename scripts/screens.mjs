/**
 * `npm run screens [-- tokens/issue,channels [720,320,dark]]`: shoots every screen, dialog, drawer and view, in every width and both
 * themes, into test-results/screens/, with a contact sheet; see test/screens/. Ends with 1 and a list when text is cut or
 * anything overflows sideways. With beginnings of names only those stations, with
 * names of looks or of a theme only those.
 */
import { inRoot } from './support/paths.mjs';
import { runNode } from './support/run.mjs';

const [stations, looks] = process.argv.slice(2);
if (stations !== undefined && stations !== '') process.env.LATCHKEY_STATION = stations;
if (looks !== undefined) process.env.LATCHKEY_LOOKS = looks;
const built = await runNode([inRoot('scripts', 'build.mjs')]);
process.exitCode =
  built !== 0
    ? built
    : await runNode([
        inRoot('node_modules', '@playwright', 'test', 'cli.js'),
        'test',
        '-c',
        inRoot('test', 'screens', 'playwright.config.ts'),
      ]);
