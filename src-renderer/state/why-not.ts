import { findMethod } from '../../shared/contract/types.ts';
import { texts } from '../../shared/texts/texts.ts';
import { useSession } from './session.ts';

/** From the least on, as the contract's `access`. */
const ranks = { anyone: 0, operator: 1, auditor: 1, lead: 2, admin: 3 } as const;

/**
 * Why whoever is here may not call a method, or undefined. Main judges all the same: this only says it before something
 * is filled in. @param method of the contract, such as `policies.save`
 */
export function useWhyNot(method: string): string | undefined {
  const role = useSession(({ session }) => session?.operator?.role);
  const access = findMethod(method)?.access ?? 'anyone';
  if (role === undefined || ranks[role] >= ranks[access]) return undefined;
  return access === 'admin' ? texts.parts.missing.admin : texts.parts.missing.lead;
}
