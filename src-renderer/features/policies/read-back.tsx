import type { PolicyPreview } from '../../../shared/contract/policy-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { Answer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import text from '../../ui/text.module.css';
import styles from './policies.module.css';
import { ProblemList } from './rule-cards.tsx';

const words = texts.policyEditor;

/** The draft in plain words, and what concerns the policy as a whole. */
export function ReadBack(props: {
  readonly preview: Answer<PolicyPreview>;
  /** There is something that main can read. */
  readonly isAsked: boolean;
  /** So many rules still lack something. */
  readonly leftOut: number;
  readonly problems: PolicyPreview['problems'];
}) {
  const { value, isStale, problem, retry } = props.preview;
  if (problem !== undefined) return <ErrorAlert error={problem} onRetry={retry} />;
  const isBusy = props.isAsked && isStale;
  return (
    <div
      className={styles.readback}
      data-stale={isBusy || !props.isAsked || undefined}
      // A long one scrolls: the keyboard must reach it.
      tabIndex={0}
      role="region"
      aria-label={words.readsAs}
      aria-busy={isBusy}
    >
      <div className={styles.readbackHead}>
        <span>{words.readsAs}</span>
        {value !== undefined && <span>{words.readsAsLayer(words.layers[value.layer])}</span>}
      </div>
      {value === undefined ? (
        <span>{props.isAsked ? words.reading : words.unread}</span>
      ) : (
        <span>{value.readsAs}</span>
      )}
      {props.leftOut > 0 && <span className={text.quiet}>{words.leftOut(props.leftOut)}</span>}
      <ProblemList problems={props.problems} />
    </div>
  );
}
