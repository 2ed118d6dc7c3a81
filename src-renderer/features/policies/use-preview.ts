import type { PolicyDraft, PolicyPreview } from '../../../shared/contract/policy-views.ts';
import type { PolicyId } from '../../../shared/model/ids.ts';
import { api } from '../../client/api.ts';
import type { Answer } from '../../state/use-answer.ts';
import { useAnswer } from '../../state/use-answer.ts';

/** As long as somebody types on. */
const restMs = 350;

/** How a draft reads and what is wrong with it, as it is built. @param draft undefined while there is nothing to read */
export function usePreview(id: PolicyId | undefined, draft: PolicyDraft | undefined): Answer<PolicyPreview> {
  return useAnswer(
    draft === undefined ? undefined : JSON.stringify(draft),
    () => api.policies.preview({ ...(draft as PolicyDraft), ...(id === undefined ? {} : { id }) }),
    { causes: ['policies', 'teams', 'environments', 'channels', 'curation'], delayMs: restMs },
  );
}
