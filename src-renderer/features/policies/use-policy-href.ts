import { useDirectory } from '../../state/directory.ts';
import { routeHash } from '../../state/route.ts';

/** Where a policy is that the gateway named; one that is called otherwise by now, or is gone, is looked for in the list. */
export function usePolicyHref(): (use: { readonly policyName: string }) => string {
  const policies = useDirectory((state) => state.policies);
  return ({ policyName }) => routeHash('policies', policies.find(({ name }) => name === policyName)?.id);
}
