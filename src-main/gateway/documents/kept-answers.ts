import { LRUCache } from 'lru-cache';

/** Answers about one document, each made once however many wait for it. */
export class KeptAnswers<T extends object> {
  readonly #answers: LRUCache<string, Promise<T>>;

  constructor(max: number) {
    this.#answers = new LRUCache({ max });
  }

  /** @throws what `make` throws; then it is made again */
  get(key: string, make: () => Promise<T>): Promise<T> {
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = make();
      this.#answers.set(key, answer);
      answer.catch(() => this.#answers.delete(key));
    }
    return answer;
  }
}
