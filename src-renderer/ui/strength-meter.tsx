import { useEffect, useState } from 'react';
import type { Strength } from './strength.ts';
import { judgeStrength } from './strength.ts';

const colors = ['var(--lk-deny)', 'var(--lk-deny)', '#d99a2b', 'var(--lk-allow)', 'var(--lk-allow)'] as const;

/** Rates while one types. The rater is loaded with the first character; until then nothing counts as strong. */
export function useStrength(passphrase: string, own: readonly string[]): Strength | undefined {
  const [strength, setStrength] = useState<Strength>();
  const ownKey = own.join('\n');
  useEffect(() => {
    let current = true;
    if (passphrase === '') {
      setStrength(undefined);
      return undefined;
    }
    void import('./strength-rater.ts').then(({ rate }) => {
      if (!current) return;
      setStrength(judgeStrength(passphrase, rate(passphrase, ownKey.split(/\s+/).filter(Boolean)), null));
    });
    return () => {
      current = false;
    };
  }, [passphrase, ownKey]);
  return strength;
}

export function StrengthMeter({ strength }: { readonly strength: Strength | undefined }) {
  const steps = strength === undefined ? 0 : Math.max(1, strength.score);
  return (
    <div>
      <div
        className="lk-meter"
        aria-hidden="true"
        ref={(element) => element?.style.setProperty('--lk-meter', colors[strength?.score ?? 0] ?? colors[0])}
      >
        {[1, 2, 3, 4].map((step) => (
          <span key={step} data-on={step <= steps || undefined} />
        ))}
      </div>
      <div className="lk-small lk-quiet" aria-live="polite">
        {strength === undefined
          ? 'At least 12 characters; four unrelated words are strong and easy to type.'
          : `${strength.word}. ${strength.advice}`}
      </div>
    </div>
  );
}
