// `npm start`: see support/start-app.mjs. Imported late, so that an old Node says what it lacks and not how.
import './support/require-node.mjs';

void import('./support/start-app.mjs');
