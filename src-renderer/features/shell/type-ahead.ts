import { usePalette } from '../../state/palette.ts';

/** Marks the palette in the page. */
export const paletteMark = 'data-palette';

/** Whether the palette has the keyboard: it is there, and nothing outside its dialog has the focus. */
function hasKeyboard(): boolean {
  const dialog = document.querySelector(`[${paletteMark}]`)?.closest('[role=dialog]');
  return dialog?.contains(document.activeElement) === true;
}

/**
 * What is typed between the palette's key and the palette itself belongs to it, not to what had the focus before. Listens
 * before everybody else.
 */
export function typeAhead(event: KeyboardEvent): void {
  const { shown, text, type, close } = usePalette.getState();
  if (shown !== 'palette' || event.ctrlKey || event.metaKey || event.altKey || hasKeyboard()) return;
  // A composition that has begun elsewhere ends there; Tab leads into the dialog.
  if (event.isComposing || event.key === 'Tab' || event.key === 'Shift') return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === 'Escape') close();
  else if (event.key === 'Backspace') type(text.slice(0, -1));
  // One character, whichever script it is of; names of keys are longer.
  else if ([...event.key].length === 1) type(text + event.key);
}
