import { texts } from '../../../shared/texts/texts.ts';
import styles from '../../ui/state-badge.module.css';
import type { VerdictEffect } from './verdict-rows.ts';

const tones: Readonly<Record<VerdictEffect, string>> = {
  allow: 'good',
  observed: 'soon',
  partly: 'soon',
  hide: 'bad',
  refuse: 'bad',
};

/** What happens to a package there. */
export function EffectBadge({ effect }: { readonly effect: VerdictEffect }) {
  return (
    <span className={styles.state} data-tone={tones[effect]}>
      {texts.packagesScreen.effects[effect]}
    </span>
  );
}
