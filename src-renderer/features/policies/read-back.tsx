import type { PolicyPreview } from '../../../shared/contract/policy-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { Answer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import styles from './policies.module.css';
import { ProblemList } from './rule-cards.tsx';

const words = texts.policyEditor;

/** The draft in plain words, and what concerns the policy as a whole. */
export function ReadBack(props: { readonly preview: Answer<PolicyPreview>; readonly isComplete: boolean }) {
  const { value, isStale, problem, retry } = props.preview;
  if (problem !== undefined) return <ErrorAlert error={problem} onRetry={retry} />;
  const isOld = !props.isComplete || isStale;
  return (
    <div
      className={styles.readback}
      data-stale={isOld || undefined}
      // A long one scrolls: the keyboard must reach it.
      tabIndex={0}
      role="region"
      aria-label={words.readsAs}
    >
      <div className={styles.readbackHead}>
        <span>{words.readsAs}</span>
        {value !== undefined && <span>{words.readsAsLayer(words.layers[value.layer])}</span>}
      </div>
      {value === undefined ? (
        <span>{props.isComplete ? words.reading : words.unread}</span>
      ) : (
        <span>{value.readsAs}</span>
      )}
      {!isOld && value !== undefined && (
        <ProblemList problems={value.problems.filter(({ ruleNo }) => ruleNo === undefined)} />
      )}
    </div>
  );
}
