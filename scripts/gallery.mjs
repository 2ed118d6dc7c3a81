// `npm run gallery`: see support/run-gallery.mjs. Imported late, so that an old Node says what it lacks and not how.
import './support/require-node.mjs';

void import('./support/run-gallery.mjs');
