// `npm run docs`: see support/write-docs.mjs. Imported late, so that an old Node says what it lacks and not how.
import './support/require-node.mjs';

void import('./support/write-docs.mjs');
