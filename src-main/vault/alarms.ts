/** What must be told about an open vault: kept for whoever asks later, and told to whoever listens. */
import { ListenerSet } from '../base/listener-set.ts';
import type { VaultAlarm } from './vault-api.ts';

const kept = 100;

export class Alarms {
  readonly #listeners = new ListenerSet<[VaultAlarm]>();
  #alarms: VaultAlarm[] = [];

  raise(alarm: VaultAlarm): void {
    this.#alarms = [...this.#alarms, alarm].slice(-kept);
    this.#listeners.tell(alarm);
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
