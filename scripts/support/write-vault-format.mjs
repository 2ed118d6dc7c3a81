/**
 * `npm run docs`: writes the generated parts of docs/vault-format.md anew from the stored schemas. Run it
 * after changing one; `npm test` tells when that was forgotten.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { renewedPage } from '../../test/support/format-doc.ts';
import { inRoot } from './paths.mjs';

const path = inRoot('docs', 'vault-format.md');
writeFileSync(path, await renewedPage(readFileSync(path, 'utf8'), path));
