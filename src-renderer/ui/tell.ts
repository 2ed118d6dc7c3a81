import { errorText, isHostGone } from '../client/error-text.ts';
import { texts } from '../../shared/texts/texts.ts';
import { announce } from './announcement.ts';
import { dismissFailures, showToast } from './toast/toasts.ts';

/** Shows and says that something worked. What failed before it is history. */
export function tellSuccess(message: string): void {
  announce(message);
  dismissFailures();
  showToast({ kind: 'done', title: undefined, text: message });
}

/** Shows a sentence that must be noticed but needs no answer. */
export function tellNotice(message: string): void {
  announce(message);
  showToast({ kind: 'note', title: texts.parts.toast.note, text: message });
}

/** Shows why something did not work, until it is mended. */
export function tellFailure(error: unknown): void {
  // A banner says that already, once for everything that fails by it.
  if (isHostGone(error)) return;
  const { title, text } = errorText(error);
  showToast({ kind: 'failure', title, text });
}
