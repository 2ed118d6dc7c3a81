import { powerMonitor } from 'electron';
import type { LockReason } from '../../services/session.ts';

/** Locks when the computer sleeps, its screen is locked, or its user changes. Idle time is the session's own matter. */
export function lockWithComputer(lock: (because: LockReason) => void): void {
  powerMonitor.on('suspend', () => lock('suspend'));
  powerMonitor.on('lock-screen', () => lock('screen-lock'));
  // macOS: another user took over; Windows and Linux: the session ends.
  powerMonitor.on('user-did-resign-active', () => lock('screen-lock'));
  powerMonitor.on('shutdown', () => lock('suspend'));
}
