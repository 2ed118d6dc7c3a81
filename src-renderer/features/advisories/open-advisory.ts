import { useState } from 'react';
import type { AdvisoryRow } from '../../../shared/contract/curation-views.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { rowId } from './row-id.ts';

/** As many as the contract gives at once. */
const most = 500;

/**
 * The advisory that the address names: of the list that is shown, else of all. One that was just assessed has left the
 * queue, and what was found out about it is looked at all the same.
 * @param open of the address. @param listed undefined until the list is there
 */
export function useOpenAdvisory(
  open: string | undefined,
  listed: readonly AdvisoryRow[] | undefined,
): AdvisoryRow | undefined {
  const isOpen = (row: AdvisoryRow): boolean => rowId(row) === open;
  const here = listed?.find(isOpen);
  const [last, setLast] = useState<AdvisoryRow>();
  if (here !== undefined && here !== last) setLast(here);
  const before = last !== undefined && isOpen(last) ? last : undefined;
  const isAway = open !== undefined && listed !== undefined && here === undefined;
  const text = before?.id ?? '';
  const { value } = useAnswer(
    isAway ? `${open} ${text}` : undefined,
    () => api.curation.advisories({ text, open: false, inUse: false, offset: 0, limit: most }),
    { causes: ['curation'] },
  );
  return here ?? value?.rows.find(isOpen) ?? before;
}
