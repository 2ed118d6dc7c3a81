import type { AdvisoryRow } from '../../../shared/contract/curation-views.ts';

/** What stands in the address for a row: short, and of letters that may stand there, whatever the ids look like. */
export function rowId({ id, ecosystem, name }: Pick<AdvisoryRow, 'id' | 'ecosystem' | 'name'>): string {
  // FNV-1a twice, with different starts: 64 bits, so that two rows of one list do not meet.
  const text = `${id} ${ecosystem} ${name}`;
  const half = (start: number): string => {
    let hash = start;
    for (let index = 0; index < text.length; index += 1)
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    return (hash >>> 0).toString(36);
  };
  return `${half(0x811c9dc5)}-${half(0x01234567)}`;
}
