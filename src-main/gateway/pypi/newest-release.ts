/** The newest release of a page, as its files come. Pre-releases count only where there is nothing else. */
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { Pep440Version } from '../../policy/pep440/version.ts';
import { comparePep440, isPrerelease, parsePep440 } from '../../policy/pep440/version.ts';

type Best = { readonly text: string; readonly version: Pep440Version; atMs: number | undefined };

export class NewestRelease {
  #best: Best | undefined;
  #lastText = '';

  /** @param uploadTime of one of its files; the earliest counts */
  add(text: string, uploadTime: string | undefined): void {
    const time = uploadTime === undefined ? Number.NaN : Date.parse(uploadTime);
    const atMs = Number.isNaN(time) ? undefined : time;
    if (text === this.#best?.text) {
      const { atMs: known } = this.#best;
      if (atMs !== undefined) this.#best.atMs = Math.min(known ?? atMs, atMs);
      return;
    }
    // Files of one version stand together: most are decided by that.
    if (text === this.#lastText) return;
    this.#lastText = text;
    const version = parsePep440(text);
    if (version === undefined) return;
    if (this.#best === undefined || isNewer(version, this.#best.version))
      this.#best = { text, version, atMs };
  }

  get(): PackageFacts['newest'] {
    return this.#best === undefined ? undefined : { version: this.#best.text, atMs: this.#best.atMs };
  }
}

function isNewer(a: Pep440Version, b: Pep440Version): boolean {
  const [preA, preB] = [isPrerelease(a), isPrerelease(b)];
  return preA === preB ? comparePep440(a, b) > 0 : preB;
}
