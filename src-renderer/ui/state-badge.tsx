import styles from './state-badge.module.css';
import type { TokenState } from '../../shared/model/domain.ts';

const look: Record<TokenState, { readonly tone: string; readonly label: string }> = {
  requested: { tone: 'new', label: 'Requested' },
  active: { tone: 'good', label: 'Active' },
  expiring: { tone: 'soon', label: 'Expiring' },
  expired: { tone: 'quiet', label: 'Expired' },
  revoked: { tone: 'bad', label: 'Revoked' },
};

export const stateLabel = (state: TokenState): string => look[state].label;

export function StateBadge({ state }: { readonly state: TokenState }) {
  return (
    <span className={styles.state} data-tone={look[state].tone}>
      {look[state].label}
    </span>
  );
}
