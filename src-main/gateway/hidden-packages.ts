/** Which versions of a channel are denied for a team in an environment, and why. Invariant: bounded; nothing is fetched for it that a client could not get. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Reason } from '../../shared/model/decision.ts';
import type { ChannelId, EnvironmentId, TeamId } from '../../shared/model/ids.ts';
import type { SpokenFiles, SpokenPackage } from './documents/spoken-files.ts';
import { isDenied } from './judged-file.ts';

export type HiddenQuestion = {
  readonly channelId: ChannelId;
  readonly teamId: TeamId;
  readonly environmentId: EnvironmentId;
  /** Only this package, normalised. */
  readonly name?: string | undefined;
  readonly limit: number;
};
export type DeniedVersion = {
  readonly name: string;
  readonly version: string;
  readonly files: number;
  /** Left out of the index, or refused when it is downloaded. */
  readonly isHidden: boolean;
  readonly reasons: readonly Reason[];
};
export type HiddenAnswer = {
  readonly versions: readonly DeniedVersion[];
  /** Of all versions, also beyond the limit. */
  readonly total: number;
};

/** Some milliseconds each. */
const stepFiles = 2_000;

/** @param documents of the channel under the policies that apply */
export async function deniedVersions(
  documents: readonly SpokenFiles[],
  { name: wanted, limit }: Pick<HiddenQuestion, 'name' | 'limit'>,
): Promise<HiddenAnswer> {
  const found = new Map<string, DeniedVersion>();
  const versions = new Set<string>();
  let looked = 0;
  for (const spoken of documents) {
    for (const one of spoken.all()) {
      looked += 1;
      // oxlint-disable-next-line no-await-in-loop
      if (looked % stepFiles === 0) await nextTurn();
      const { name, version, isHidden, reasons } = one;
      if (!isDenied(one) || (wanted !== undefined && name !== wanted)) continue;
      const key = `${name} ${version}`;
      versions.add(key);
      const known = found.get(key);
      if (known !== undefined) found.set(key, { ...known, files: known.files + 1 });
      else if (found.size < limit) found.set(key, { name, version, files: 1, isHidden, reasons });
    }
  }
  return { versions: [...found.values()], total: versions.size };
}

/** What policies say to the files of a page, the first of each version. */
export async function spokenOfPage(
  spoken: SpokenFiles,
  limit: number,
): Promise<{ readonly files: readonly SpokenPackage[]; readonly total: number }> {
  const found = new Map<string, SpokenPackage>();
  const versions = new Set<string>();
  let looked = 0;
  for (const one of spoken.all()) {
    looked += 1;
    // oxlint-disable-next-line no-await-in-loop
    if (looked % stepFiles === 0) await nextTurn();
    if (!isDenied(one)) continue;
    versions.add(one.version);
    if (found.size < limit && !found.has(one.version)) found.set(one.version, one);
  }
  return { files: [...found.values()], total: versions.size };
}

/** Those of several documents. */
export function joined(answers: readonly HiddenAnswer[], limit: number): HiddenAnswer {
  const found = new Map<string, DeniedVersion>();
  let total = 0;
  for (const answer of answers) {
    total += answer.total;
    for (const one of answer.versions) {
      const key = `${one.name} ${one.version}`;
      const known = found.get(key);
      // The same version in another subdir.
      if (known !== undefined) total -= 1;
      found.set(key, known === undefined ? one : { ...known, files: known.files + one.files });
    }
  }
  return { versions: [...found.values()].slice(0, limit), total };
}
