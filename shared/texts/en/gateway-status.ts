import { plural } from './grammar.ts';

/** `latchkey gateway status`, and the line of it in `latchkey status`. */
export const gatewayStatus = {
  describe: 'show whether the gateway of this folder runs, where, since when, and what it has not taken yet',
  host: 'ask at this address (default: from the settings)',
  port: 'ask at this port (default: from the settings)',
  names: {
    gateway: 'Gateway',
    clients: 'Clients use',
    since: 'Since',
    enforces: 'Enforces',
    problem: 'Problem',
    requests: 'Requests',
    policies: 'Policies',
    channel: 'Channel',
  },
  who: {
    ours: (url: string): string => `running at ${url}`,
    other: (url: string): string => `not running; another program answers at ${url}`,
    nothing: (url: string | undefined): string =>
      url === undefined ? 'not known; the settings name no port' : `not running at ${url}`,
    unknown: (url: string): string => `something answers at ${url}, but does not say what it is`,
  },
  start: '`latchkey gateway` or the app starts it.',
  enforces: (enforced: number, lines: number | undefined): string => {
    if (lines === undefined || enforced === lines) return `all ${plural(enforced, 'change')}`;
    if (enforced > lines) return plural(enforced, 'change');
    const waiting = lines - enforced;
    return `${enforced} of ${plural(lines, 'change')}; ${waiting === 1 ? 'one waits' : `${waiting} wait`} until its app is unlocked. What was revoked or removed counts already.`;
  },
  requests: (allowed: number, denied: number, errors: number): string =>
    `${allowed} allowed, ${denied} denied, ${plural(errors, 'error')}`,
  more: 'see latchkey gateway status',
};
