import type { PackageExplanation, VerdictView } from '../../../shared/contract/package-views.ts';
import { texts } from '../../../shared/texts/texts.ts';

type Places = {
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly environments: readonly { readonly id: string; readonly name: string }[];
};
export type VerdictEffect = 'allow' | 'observed' | 'partly' | 'hide' | 'refuse';
export type FileVerdict = {
  readonly filename: string;
  readonly channelName: string;
  readonly verdict: VerdictView;
};
/** What policies say to one version for a team in an environment: all of its files together. */
export type VerdictRow = {
  readonly id: string;
  readonly teamName: string;
  readonly environmentName: string;
  readonly effect: VerdictEffect;
  readonly denied: number;
  readonly files: readonly FileVerdict[];
  /** Each sentence once, those that deny first. */
  readonly says: readonly string[];
  /** `undefined`: main did not look; otherwise the nearest allowed version, or none. */
  readonly nearest: { readonly version?: string | undefined } | undefined;
};

/** One row per team and environment that the explanation speaks about, environments in their order. */
export function verdictRows(explanation: PackageExplanation, places: Places): readonly VerdictRow[] {
  const byPlace = new Map<string, { teamId: string; environmentId: string; files: FileVerdict[] }>();
  for (const { channelName, files } of explanation.channels)
    for (const { filename, verdicts } of files)
      for (const { teamId, environmentId, verdict } of verdicts) {
        const id = `${environmentId}.${teamId}`;
        const place = byPlace.get(id) ?? { teamId, environmentId, files: [] };
        place.files.push({ filename, channelName, verdict });
        byPlace.set(id, place);
      }
  const rank = (list: Places['teams'], id: string) => list.findIndex((entry) => entry.id === id);
  const name = (list: Places['teams'], id: string) => list.find((entry) => entry.id === id)?.name ?? id;
  return [...byPlace]
    .map(
      ([id, { teamId, environmentId, files }]): VerdictRow & {
        readonly order: readonly [number, number];
      } => ({
        id,
        teamName: name(places.teams, teamId),
        environmentName: name(places.environments, environmentId),
        effect: effectOf(files),
        denied: files.filter(({ verdict }) => verdict.effect === 'deny').length,
        files,
        says: saysOf(files),
        nearest: explanation.nearestAllowed.find(
          (entry) => entry.teamId === teamId && entry.environmentId === environmentId,
        ),
        order: [rank(places.environments, environmentId), rank(places.teams, teamId)],
      }),
    )
    .sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1]);
}

function effectOf(files: readonly FileVerdict[]): VerdictEffect {
  const denied = files.filter(({ verdict }) => verdict.effect === 'deny');
  if (denied.length === 0)
    return files.some(({ verdict }) => verdict.reasons.length > 0) ? 'observed' : 'allow';
  if (denied.length < files.length) return 'partly';
  return denied.some(({ verdict }) => verdict.style === 'refuse') ? 'refuse' : 'hide';
}

function saysOf(files: readonly FileVerdict[]): readonly string[] {
  const reasons = files.flatMap(({ verdict }) => verdict.reasons);
  const ordered = [
    ...reasons.filter(({ mode }) => mode === 'enforce').map(({ says }) => says),
    // Beside what denies, it would read as another cause.
    ...reasons
      .filter(({ mode }) => mode === 'observe')
      .map(({ says }) => texts.packagesScreen.observedOnly(says)),
  ];
  return [...new Set(ordered)];
}
