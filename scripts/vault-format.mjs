// `npm run docs`: see support/write-vault-format.mjs. Imported late, so that an old Node says what it lacks and not how.
import './support/require-node.mjs';

void import('./support/write-vault-format.mjs');
