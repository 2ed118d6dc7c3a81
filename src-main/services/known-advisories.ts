/** Whether what people assess is known: an id that no feed has is a slip more often than foresight. */
import type { Assessment } from '../../shared/model/curation.ts';
import type { AdvisoryEntry } from './advisory-list.ts';

type Assessed = Pick<Assessment, 'advisoryId' | 'ecosystem' | 'name'>;

/**
 * The first one whose advisory no feed has, or has about other packages.
 * @param assessed with normalised names
 * @param pypiName of a conda package: advisories about it count for that too
 * @returns which of both; undefined where all are known
 */
export function firstUnknown<T extends Assessed>(
  assessed: readonly T[],
  known: readonly AdvisoryEntry[],
  pypiName: (conda: string) => string | undefined,
): { readonly assessment: T; readonly isAdvisoryKnown: boolean } | undefined {
  const asked = new Set(assessed.map(({ advisoryId }) => advisoryId));
  const ids = new Set<string>();
  const places = new Set<string>();
  for (const { advisory, affected } of known) {
    for (const id of advisory.ids) {
      if (!asked.has(id)) continue;
      ids.add(id);
      places.add(`${id} ${affected.ecosystem} ${affected.name}`);
    }
  }
  for (const assessment of assessed) {
    const { advisoryId, ecosystem, name } = assessment;
    if (places.has(`${advisoryId} ${ecosystem} ${name}`)) continue;
    const onPypi = ecosystem === 'conda' ? pypiName(name) : undefined;
    if (onPypi === undefined || !places.has(`${advisoryId} pypi ${onPypi}`))
      return { assessment, isAdvisoryKnown: ids.has(advisoryId) };
  }
  return undefined;
}
