import type { EnvironmentId, TeamId } from '../../../shared/model/ids.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import type { PolicyHints } from './lifetime.ts';
import { policyHints } from './lifetime.ts';

const delayMs = 120;

/** What the policies ask of tokens of a team in an environment, as main says. Nothing is said about an earlier choice. */
export function usePolicyHints(
  teamId: TeamId | undefined,
  environmentId: EnvironmentId | undefined,
): PolicyHints {
  const isChosen = teamId !== undefined && environmentId !== undefined;
  const { value, isStale } = useAnswer(
    isChosen ? `${teamId} ${environmentId}` : undefined,
    () => {
      if (teamId === undefined || environmentId === undefined) throw new Error('nothing is chosen');
      return api.policies.effective({ teamId, environmentId });
    },
    { causes: ['policies'], delayMs },
  );
  const hints = policyHints(value);
  // The limit of the earlier choice stays until the answer is here, so that the presets do not flicker.
  return isStale ? { ...hints, lifetime: '', networks: '' } : hints;
}
