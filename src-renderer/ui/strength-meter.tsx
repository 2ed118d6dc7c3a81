import styles from './strength-meter.module.css';
import { useEffect, useState } from 'react';
import type { PassphraseJudgement } from '../../shared/passphrase/judge.ts';
import { judgePassphrase } from '../../shared/passphrase/judge.ts';
import { texts } from '../../shared/texts/texts.ts';
import { cx } from './cx.ts';
import text from './text.module.css';

const words = texts.passphrase;

/** So short that the meter follows the typing, so long that not every letter is judged. */
const settleMs = 120;

const steps = { 'very-weak': 1, weak: 2, good: 3, strong: 4 } as const;

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
  const reached = judged === undefined ? 0 : steps[judged.level];
  return (
    <div>
      <div className={styles.meter} aria-hidden="true" data-level={judged?.level}>
        {[1, 2, 3, 4].map((step) => (
          <span key={step} data-on={step <= reached || undefined} />
        ))}
      </div>
      <div className={cx(text.small, text.quiet)} aria-live="polite">
        {judged === undefined ? words.hint : words.judged(judged)}
      </div>
    </div>
  );
}
