/** A part of `npm run docs`: writes docs/cli.md anew from the commands; `npm test` tells when that was forgotten. */
import { writeFileSync } from 'node:fs';
import { cliPage } from '../../test/support/cli-doc.ts';
import { inRoot } from './paths.mjs';

const path = inRoot('docs', 'cli.md');
writeFileSync(path, await cliPage(path));
