/** Which version a client could take instead of one that policies deny. Invariant: a refusal never waits for more than that, and never fails by it. */
import { LRUCache } from 'lru-cache';
import type { Ecosystem } from '../../shared/model/packages.ts';
import type { PackageFacts } from '../policy/packages/facts.ts';
import type { Documents } from './documents/documents.ts';
import type { SpokenPackage } from './documents/spoken-files.ts';
import type { ChannelRequest } from './types.ts';
import { nearest, newestFirst } from './versions.ts';

/** Packages that are refused again and again; each answer a few versions. */
const maxKept = 2_000;
/** A new version counts soon enough. */
const keptMs = 60_000;
/** Files of one name that are judged for it. */
const maxFiles = 5_000;

/** All files of a name at one place. */
export type Namesakes = {
  readonly files: readonly PackageFacts[];
  /** By name of a file: what it needs, of which enforced policies leave nothing. */
  readonly unsatisfiable?: ReadonlyMap<string, string>;
};
type Look = () => Promise<Namesakes>;

type Known = {
  readonly atMs: number;
  readonly versions: readonly string[];
  readonly allowed: ReadonlySet<string>;
};

export class NearestAllowed {
  readonly #documents: Pick<Documents, 'judge'>;
  readonly #now: () => number;
  readonly #known = new LRUCache<string, Promise<Known>>({ max: maxKept });

  constructor(documents: Pick<Documents, 'judge'>, now: () => number) {
    this.#documents = documents;
    this.#now = now;
  }

  /**
   * @param place where the file stands, within the channel: a subdir, or '' where there is none
   * @param look gives all files of the name at that place
   */
  async of(
    { channel, scope }: Pick<ChannelRequest, 'channel' | 'scope'>,
    ecosystem: Ecosystem,
    place: string,
    { name, version }: SpokenPackage,
    look: Look,
  ): Promise<string | undefined> {
    const key = `${scope.key} ${channel.id} ${place} ${name}`;
    try {
      let known = await this.#known.get(key);
      const ageMs = known === undefined ? keptMs : this.#now() - known.atMs;
      if (known === undefined || ageMs < 0 || ageMs >= keptMs) {
        const making = this.#make(scope.policies, ecosystem, look);
        this.#known.set(key, making);
        known = await making;
      }
      return nearest(known.versions, version, known.allowed);
    } catch {
      // The refusal counts, also where its channel says nothing more now.
      this.#known.delete(key);
      return undefined;
    }
  }

  async #make(
    policies: ChannelRequest['scope']['policies'],
    ecosystem: Ecosystem,
    look: Look,
  ): Promise<Known> {
    const atMs = this.#now();
    const { files: all, unsatisfiable } = await look();
    const files = all.slice(0, maxFiles);
    const [verdicts = []] = await this.#documents.judge([policies], files, atMs);
    const allowed = files.flatMap(({ version, filename }, index) =>
      verdicts[index]?.effect === 'allow' && unsatisfiable?.has(filename) !== true ? [version] : [],
    );
    return { atMs, versions: newestFirst(ecosystem, files), allowed: new Set(allowed) };
  }
}
