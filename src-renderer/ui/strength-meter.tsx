import { useEffect, useState } from 'react';
import type { PassphraseJudgement } from '../../shared/passphrase/judge.ts';
import { judgePassphrase } from '../../shared/passphrase/judge.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.passphrase;

/** So short that the meter follows the typing, so long that not every letter is judged. */
const settleMs = 120;

const looks = {
  'very-weak': { steps: 1, color: 'var(--lk-deny)' },
  weak: { steps: 2, color: 'var(--lk-soon-mark)' },
  good: { steps: 3, color: 'var(--lk-allow)' },
  strong: { steps: 4, color: 'var(--lk-allow)' },
} as const;

/**
 * What the judge says of what is typed; undefined while nothing is. @param names of the organization and the person, the
 * same that the service hands in
 */
export function useJudgement(passphrase: string, names: readonly string[]): PassphraseJudgement | undefined {
  const [judged, setJudged] = useState<PassphraseJudgement>();
  const namesKey = names.join('\n');
  useEffect(() => {
    let isCurrent = true;
    if (passphrase === '') {
      setJudged(undefined);
      return undefined;
    }
    const timer = setTimeout(() => {
      void judgePassphrase(passphrase, namesKey.split('\n')).then((judgement) => {
        if (isCurrent) setJudged(judgement);
      });
    }, settleMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [passphrase, namesKey]);
  return judged;
}

/** Says how hard a passphrase is to guess, while it is typed. */
export function StrengthMeter({ judged }: { readonly judged: PassphraseJudgement | undefined }) {
  const { steps, color } = judged === undefined ? { steps: 0, color: '' } : looks[judged.level];
  return (
    <div>
      <div
        className="lk-meter"
        aria-hidden="true"
        ref={(element) => element?.style.setProperty('--lk-meter', color)}
      >
        {[1, 2, 3, 4].map((step) => (
          <span key={step} data-on={step <= steps || undefined} />
        ))}
      </div>
      <div className="lk-small lk-quiet" aria-live="polite">
        {judged === undefined ? words.hint : words.judged(judged)}
      </div>
    </div>
  );
}
