/** The gateway: its screen, its settings, and what it says about itself. */
import { relativeTime } from './grammar.ts';

export const gateway = {
  screen: {
    lead: 'Stands between clients and channels, and enforces what tokens allow.',
    start: 'Start gateway',
    stop: 'Stop gateway',
    stopLead: 'Nobody can install through the gateway until you start it again.',
    stoppedNow: 'Stopped the gateway.',
    behind: 'The gateway is behind',
    notRunning: 'The gateway isn’t running',
    running: 'Running',
    since: (startedAtMs: number, nowMs: number): string =>
      nowMs - startedAtMs < 60_000
        ? 'Running, started just now'
        : `Running, started ${relativeTime(startedAtMs, nowMs)}`,
    stopped: 'Stopped',
    /** As in "Copied gateway address." */
    address: 'gateway address',
    history: 'Requests, last ten minutes',
    historyOf: (allowed: string, denied: string): string =>
      `Requests in the last ten minutes: ${allowed} allowed, ${denied} denied`,
    countersLabel: 'Counters since the start',
    counters: { allowed: 'Allowed', denied: 'Denied', errors: 'Errors', sent: 'Sent' },
  },
  finishDownloads: {
    label: 'Let running downloads finish',
    description: 'When their token is revoked. Otherwise they end within a second.',
  },
  drainSeconds: {
    label: 'Time for running downloads when it stops',
    description: 'After that they are cut off.',
    unit: ' seconds',
  },
  /** On the command line, when the gateway of this folder goes on with an older state. */
  waits: (url: string) =>
    `The gateway at ${url} has not taken this change: its app is locked, or behind. What was revoked or removed counts there already; new tokens and changed scopes wait until someone unlocks the app.`,
  /** On the command line, after a problem of its process or of following the vault. */
  wellAgain: 'The gateway is well again.',
  restart: {
    title: 'The new address waits for a restart',
    text: (address: string) =>
      `The gateway still listens on ${address}. A restart cuts off running downloads.`,
    act: 'Restart now',
    done: (baseUrl: string) => `The gateway is running at ${baseUrl}.`,
  },
};
