import type { ReactNode } from 'react';
import { createContext, use, useState } from 'react';
import { Button, Drawer, Modal } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { cx } from '../cx.ts';
import { ToastOutlet } from '../toast/toast-outlet.tsx';
import { letGo, useUnsaved } from '../form/unsaved.ts';
import { useFocusReturn } from './focus-return.ts';
import { useIsTop } from './layers.ts';
import styles from './overlay.module.css';

/** What closing would lose, and the words to ask with. */
export type Loss = {
  readonly title: string;
  readonly text: string;
  readonly discard: string;
  readonly keep: string;
};
export type OverlayKind = 'dialog' | 'drawer';
export type OverlaySize = 'sm' | 'md' | 'lg' | 'xl';

type Props = {
  readonly kind?: OverlayKind;
  readonly title: ReactNode;
  readonly size?: OverlaySize;
  /** Closes without a question. */
  readonly onClose: () => void;
  /** Asked about before Escape, the close button or a click beside it closes. */
  readonly loss?: Loss | undefined;
  /** A click beside it closes as well; not for what holds a form. */
  readonly closesBeside?: boolean;
  readonly children: ReactNode;
  /** Results and errors: always in sight, between the scrolling content and the actions. */
  readonly result?: ReactNode;
  /** The actions. */
  readonly foot?: ReactNode;
  /** Makes a form of it. */
  readonly onSubmit?: (() => void) | undefined;
};

const CloseContext = createContext<() => void>(() => undefined);

/**
 * The one base of dialogs and drawers. The focus returns to what opened it, its close button has a name, Escape closes
 * the topmost alone and asks first where something would be lost; only the content scrolls, so that results and actions
 * stay in sight.
 */
export function Overlay(props: Props) {
  const [asking, setAsking] = useState(false);
  const { loss } = props;
  useUnsaved(loss !== undefined);
  const onClose = () => {
    letGo();
    props.onClose();
  };
  const close = () => (loss === undefined ? onClose() : setAsking(true));
  return (
    <CloseContext value={close}>
      <Frame {...props} onClose={close}>
        {props.children}
        {asking && loss !== undefined && (
          <Question loss={loss} onDiscard={onClose} onKeep={() => setAsking(false)} />
        )}
      </Frame>
    </CloseContext>
  );
}

/** A button among the actions that closes as Escape does: with a question where something would be lost. */
export function CloseOverlay(props: {
  readonly variant?: 'default' | 'filled';
  readonly children: ReactNode;
}) {
  return (
    <Button variant={props.variant ?? 'default'} onClick={use(CloseContext)}>
      {props.children}
    </Button>
  );
}

/** Whether what is entered may be lost. Closing it keeps. */
export function Question(props: {
  readonly loss: Loss;
  readonly onDiscard: () => void;
  readonly onKeep: () => void;
}) {
  const { title, text, discard, keep } = props.loss;
  return (
    <Frame
      title={title}
      size="sm"
      onClose={props.onKeep}
      foot={
        <>
          <Button variant="default" onClick={props.onKeep} data-autofocus>
            {keep}
          </Button>
          <Button color="red" onClick={props.onDiscard}>
            {discard}
          </Button>
        </>
      }
    >
      <p>{text}</p>
    </Frame>
  );
}

function Frame(props: Props) {
  const { kind = 'dialog', size = 'md', onSubmit } = props;
  const isTop = useIsTop();
  useFocusReturn();
  const Part = kind === 'drawer' ? Drawer : Modal;
  const inner = (
    <>
      <div className={styles.scroll}>{props.children}</div>
      <div className={styles.result} aria-live="polite">
        {props.result}
      </div>
      <ToastOutlet />
      {props.foot !== undefined && <div className={styles.foot}>{props.foot}</div>}
    </>
  );
  return (
    <Part
      opened
      title={props.title}
      onClose={props.onClose}
      size={`var(--lk-${kind}-${size})`}
      zIndex="var(--lk-layer-overlay)"
      returnFocus={false}
      closeOnEscape={isTop}
      closeOnClickOutside={props.closesBeside ?? false}
      closeButtonProps={{ 'aria-label': texts.parts.close }}
      // A header of a dialog is no banner of the page.
      attributes={{ header: { role: 'presentation' } }}
      classNames={{
        content: cx(styles.content, kind === 'drawer' && styles.drawer),
        header: cx(styles.header),
        title: cx(styles.title),
        body: cx(styles.body),
        inner: cx(kind === 'dialog' && styles.inner),
      }}
    >
      {onSubmit === undefined ? (
        // A portal's events reach the React parents: a form around must not see what happens here.
        <div className={styles.form} onSubmit={(event) => event.stopPropagation()}>
          {inner}
        </div>
      ) : (
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            onSubmit();
          }}
        >
          {inner}
        </form>
      )}
    </Part>
  );
}
