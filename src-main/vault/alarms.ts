/** What must be told about an open vault: kept for whoever asks later, and told to whoever listens. */
import { ListenerSet } from '../base/listener-set.ts';
import type { VaultAlarm } from './vault-api.ts';

const kept = 100;

const isAway = (alarm: VaultAlarm): boolean =>
  alarm.kind === 'log-lost' && (alarm.how === 'gone' || alarm.how === 'unreadable');

export class Alarms {
  readonly #listeners = new ListenerSet<[VaultAlarm]>();
  #alarms: VaultAlarm[] = [];

  raise(alarm: VaultAlarm): void {
    this.#alarms = [...this.#alarms, alarm].slice(-kept);
    this.#listeners.tell(alarm);
  }

  /** The log was read on: that it was away is over. What was cut or replaced stays told. */
  noteFound(): void {
    const rest = this.#alarms.filter((alarm) => !isAway(alarm));
    if (rest.length === this.#alarms.length) return;
    this.#alarms = rest;
    this.#listeners.tell({ kind: 'log-found' });
  }

  get all(): readonly VaultAlarm[] {
    return this.#alarms;
  }

  onAlarm(listener: (alarm: VaultAlarm) => void): () => void {
    return this.#listeners.add(listener);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
