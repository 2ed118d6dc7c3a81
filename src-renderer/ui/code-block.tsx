import type { ReactNode } from 'react';

/** A file or a command as it is, reachable and scrollable by keyboard. */
export function CodeBlock(props: {
  readonly label: string;
  readonly code: string;
  readonly actions?: ReactNode;
  readonly wrap?: boolean;
}) {
  return (
    <div>
      <div className="lk-code-head">
        <span className="lk-small">{props.label}</span>
        <span style={{ display: 'flex', gap: 6 }}>{props.actions}</span>
      </div>
      {/* A region that scrolls must take the focus, or the keyboard cannot reach its end. */}
      <pre
        className="lk-code"
        tabIndex={0}
        role="region"
        aria-label={props.label}
        data-wrap={props.wrap || undefined}
      >
        {props.code}
      </pre>
    </div>
  );
}
