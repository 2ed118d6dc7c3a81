import type { ReactNode } from 'react';
import { KeyMark } from './key-mark.tsx';

/** The frame of the screens before the vault is open. */
export function Gate(props: {
  readonly headline: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <main className="lk-gate">
      <div className="lk-gate-brand">
        <div style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
          <KeyMark size={38} />
          <strong style={{ fontSize: '1.125rem', fontWeight: 600, letterSpacing: '-0.01em' }}>
            Latchkey
          </strong>
        </div>
        <div>
          <div className="lk-gate-title">{props.headline}</div>
          <p>{props.text}</p>
        </div>
        <p className="lk-small">Everything stays on this computer, encrypted. Nothing is sent anywhere.</p>
      </div>
      <div className="lk-gate-form">
        <div>{props.children}</div>
      </div>
    </main>
  );
}
