import { useEffect, useId, useState } from 'react';
import { CloseButton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { create } from 'zustand';
import { texts } from '../../../shared/texts/texts.ts';
import text from '../text.module.css';
import styles from './toast-outlet.module.css';
import type { Toast, ToastKind } from './toasts.ts';
import { dismissToast, useToasts } from './toasts.ts';

/** How long a result is shown. Longer while the pointer or the focus is on it. */
const doneForMs = 5000;
const icons = { done: IconCircleCheck, note: IconInfoCircle, failure: IconAlertTriangle } as const;
const classes: Readonly<Record<ToastKind, string | undefined>> = {
  done: styles.done,
  note: styles.note,
  failure: styles.failure,
};

const useOutlets = create<{ readonly open: readonly string[] }>()(() => ({ open: [] }));

/**
 * A place for messages that takes its own room: below the screen, or above the actions of an overlay, so that none ever
 * lies over a title or a drawer. Of several the newest is used, as it is the one in sight.
 */
export function ToastOutlet() {
  const id = useId();
  useEffect(() => {
    useOutlets.setState(({ open }) => ({ open: [...open, id] }));
    return () => useOutlets.setState(({ open }) => ({ open: open.filter((entry) => entry !== id) }));
  }, [id]);
  const isInUse = useOutlets(({ open }) => open.at(-1) === id);
  const shown = useToasts((state) => state.shown);
  if (!isInUse || shown.length === 0) return null;
  return (
    <section className={styles.outlet} aria-label={texts.parts.toast.list}>
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  const { id, kind, title } = toast;
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (kind !== 'done' || isHeld) return undefined;
    const timer = window.setTimeout(() => dismissToast(id), doneForMs);
    return () => window.clearTimeout(timer);
  }, [id, kind, isHeld]);
  const Icon = icons[kind];
  return (
    <div
      className={classes[kind]}
      role={kind === 'failure' ? 'alert' : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon size={18} aria-hidden="true" className={styles.icon} />
      <div className={styles.text}>
        {title !== undefined && <div className={text.strong}>{title}</div>}
        {toast.text}
      </div>
      <CloseButton size="sm" aria-label={texts.parts.toast.dismiss} onClick={() => dismissToast(id)} />
    </div>
  );
}
