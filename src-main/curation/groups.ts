/**
 * Advisories about the same matter, joined by alias (PYSEC ↔ GHSA ↔ CVE). The severity is the worst of any; withdrawn
 * records do not count.
 *
 * Joining may also loosen: what is cleared for one id is cleared for its group. So a record that names half the world as its
 * aliases joins nothing: groups have a bound, beyond which both sides stay as they are. And a vulnerability that malware is
 * joined to stays one beside it: rules about malware are not those about vulnerabilities.
 */
import type { Advisory } from './advisory.ts';
import { highestSeverity, type Severity } from './severity.ts';

/** Ids in a group. The largest real one has a dozen. */
const mostIds = 100;

export type AdvisoryGroup = {
  /** All ids and aliases, sorted. */
  readonly ids: readonly string[];
  /** Sorted by id. */
  readonly advisories: readonly Advisory[];
  readonly severity?: Severity;
  readonly isMalware: boolean;
};

/**
 * @returns each advisory that is not withdrawn in one group, sorted by the first of its ids; in a second one without the
 * malware where some is joined to it
 */
export function groupAdvisories(advisories: Iterable<Advisory>): readonly AdvisoryGroup[] {
  const counting = [...advisories].filter(({ withdrawnMs }) => withdrawnMs === undefined);
  // One order, so that what is joined does not depend on the feed's.
  const sorted = counting.toSorted((a, b) => compare(a.id, b.id));
  const sets = new DisjointSets(mostIds);
  for (const { id, aliases } of sorted) {
    sets.add(id);
    for (const alias of aliases.slice(0, mostIds)) sets.join(id, alias);
  }
  const members = new Map<string, Advisory[]>();
  for (const advisory of sorted) {
    const root = sets.find(advisory.id);
    const group = members.get(root);
    if (group === undefined) members.set(root, [advisory]);
    else group.push(advisory);
  }
  return [...members]
    .flatMap(([root, group]) => {
      const ids = sets.idsOf(root);
      const malware = new Set(group.filter(({ isMalware }) => isMalware).map(({ id }) => id));
      const others = group.filter(({ id }) => !malware.has(id));
      const whole = groupOf(ids, group);
      if (malware.size === 0 || others.length === 0) return [whole];
      return [
        whole,
        groupOf(
          ids.filter((id) => !malware.has(id)),
          others,
        ),
      ];
    })
    .toSorted((a, b) => compare(a.ids[0] ?? '', b.ids[0] ?? ''));
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function groupOf(ids: readonly string[], advisories: readonly Advisory[]): AdvisoryGroup {
  const severity = highestSeverity(advisories.map((advisory) => advisory.severity));
  return {
    ids: ids.toSorted(compare),
    advisories,
    ...(severity === undefined ? {} : { severity }),
    isMalware: advisories.some(({ isMalware }) => isMalware),
  };
}

/** Union–find with path halving; the smaller set goes into the larger one. */
class DisjointSets {
  readonly #parents = new Map<string, string>();
  readonly #ids = new Map<string, string[]>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(id: string): void {
    if (this.#parents.has(id)) return;
    this.#parents.set(id, id);
    this.#ids.set(id, [id]);
  }

  find(id: string): string {
    let at = id;
    for (;;) {
      const parent = this.#parents.get(at) ?? at;
      if (parent === at) return at;
      const above = this.#parents.get(parent) ?? parent;
      this.#parents.set(at, above);
      at = above;
    }
  }

  /** Leaves them apart if together they were too many. */
  join(a: string, b: string): void {
    this.add(a);
    this.add(b);
    const [first, second] = [this.find(a), this.find(b)];
    const [firstIds, secondIds] = [this.idsOf(first), this.idsOf(second)];
    if (first === second || firstIds.length + secondIds.length > this.#most) return;
    const [into, from] = firstIds.length >= secondIds.length ? [first, second] : [second, first];
    this.#parents.set(from, into);
    this.#ids.get(into)?.push(...this.idsOf(from));
    this.#ids.delete(from);
  }

  idsOf(root: string): readonly string[] {
    return this.#ids.get(root) ?? [];
  }
}
