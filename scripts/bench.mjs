// `npm run bench`: see support/run-bench.mjs. Imported late, so that an old Node says what it lacks and not how.
import './support/require-node.mjs';

void import('./support/run-bench.mjs');
