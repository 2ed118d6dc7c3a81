// `npm run dist:cli`: see support/make-single-file.mjs. Imported late, so that an old Node says what it lacks and not how.
import './support/require-node.mjs';

void import('./support/make-single-file.mjs');
