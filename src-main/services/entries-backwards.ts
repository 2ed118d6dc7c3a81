/** The vault's log from its end on, for what is looked for among the newest. */
import type { OrganizationVault } from './organization-vault.ts';

/** Read back at a time, and at most. */
const linesAtOnce = 500;
export const maxLinesBack = 10_000;

/** Entries, the newest first, as far back as is looked. */
export async function* entriesBackwards(vault: Pick<OrganizationVault, 'seq' | 'entries'>) {
  const end = vault.seq();
  for (let to = end; to > Math.max(0, end - maxLinesBack); to -= linesAtOnce) {
    const some = [];
    // oxlint-disable-next-line no-await-in-loop
    for await (const entry of vault.entries(Math.max(0, to - linesAtOnce), to)) some.push(entry);
    yield* some.toReversed();
  }
}
