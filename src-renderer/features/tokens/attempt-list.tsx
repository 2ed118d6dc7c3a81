import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { Attempt } from '../../../shared/contract/doctor-views.ts';

/** What the gateway answered, channel by channel. */
export function AttemptList(props: { readonly attempts: readonly Attempt[] }) {
  if (props.attempts.length === 0)
    return <p className="lk-quiet lk-small">Nothing to ask the gateway for.</p>;
  return (
    <ul className="lk-attempts" aria-label="Answers of the gateway">
      {props.attempts.map((attempt) => (
        <li key={attempt.url}>
          {attempt.ok ? (
            <IconCircleCheck size={16} color="var(--mantine-color-teal-7)" aria-label="works" />
          ) : (
            <IconCircleX size={16} color="var(--mantine-color-red-7)" aria-label="fails" />
          )}
          <span className="lk-mono">{attempt.url}</span>
          <span className="lk-small">{attempt.message}</span>
        </li>
      ))}
    </ul>
  );
}
