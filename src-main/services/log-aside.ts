/** Damaged segments that a check finds are put aside, and named with the place where they are. */
import { putDamagedAside } from '../request-log/keep-log.ts';
import type { LogFinding } from '../request-log/verify-log.ts';

/** A gateway that keeps the log takes a second for each segment. */
const patienceMs = 5_000;

/** @param dir of the request log @returns what was found, with where it is now */
export async function asideNow(dir: string, found: readonly LogFinding[]): Promise<readonly LogFinding[]> {
  const names = found.flatMap(({ name, problems, aside }) =>
    aside === undefined && problems.some(({ what }) => what === 'damaged-line') ? [name] : [],
  );
  const places = new Map<string, string>();
  try {
    const onDamaged = (name: string, aside: string | undefined) =>
      void (aside !== undefined && places.set(name, aside));
    await putDamagedAside(dir, names, { patienceMs, onDamaged });
  } catch (error) {
    // A folder that is not to be written, perhaps: it is named all the same, and the next check tries it again.
    if (!(error instanceof Error)) throw error;
  }
  return found.map((one) => {
    const aside = places.get(one.name);
    return aside === undefined ? one : { ...one, aside };
  });
}
