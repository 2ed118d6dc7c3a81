import styles from './state-badge.module.css';
import type { TokenState } from '../../shared/model/domain.ts';
import { texts } from '../../shared/texts/texts.ts';

const tones: Readonly<Record<TokenState, string>> = {
  requested: 'new',
  active: 'good',
  expiring: 'soon',
  expired: 'quiet',
  revoked: 'bad',
};

export const stateLabel = (state: TokenState): string => texts.tokens.states[state];

/** The state of a token. With `rotatedTo`, one that works during its overlap only is called replaced. */
export function StateBadge(props: { readonly state: TokenState; readonly rotatedTo?: string | undefined }) {
  return (
    <span className={styles.state} data-tone={tones[props.state]}>
      {texts.tokens.state({ state: props.state, rotatedTo: props.rotatedTo })}
    </span>
  );
}
