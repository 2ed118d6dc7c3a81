type Listener<Args extends readonly unknown[]> = (...args: Args) => void;

/** Who wants to know. A listener may add and remove others, and itself, while it is told. */
export class ListenerSet<Args extends readonly unknown[]> {
  readonly #listeners = new Set<Listener<Args>>();

  /** @returns takes the listener away */
  add(listener: Listener<Args>): () => void {
    // A closure of its own: the same function may listen twice, and each ends alone.
    const own: Listener<Args> = (...args) => listener(...args);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** Tells all of them; the first failure is thrown when everybody was told, so that no listener costs another its turn. */
  tell(...args: Args): void {
    const failures: unknown[] = [];
    // A copy: whoever is added now is told the next time.
    const present = [...this.#listeners];
    for (const listener of present) {
      if (!this.#listeners.has(listener)) continue;
      try {
        listener(...args);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  clear(): void {
    this.#listeners.clear();
  }
}
