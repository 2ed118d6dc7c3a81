import { useEffect } from 'react';
import type { Screen } from '../../../shared/model/screens.ts';
import { usePalette } from '../../state/palette.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { typeAhead } from './type-ahead.ts';

/** What is typed after `g`; the first letter where it is free. */
export const screenKeys: Readonly<Record<Screen, string>> = {
  overview: 'o',
  tokens: 't',
  holders: 'h',
  channels: 'c',
  teams: 'm',
  environments: 'e',
  policies: 'p',
  packages: 'k',
  advisories: 'a',
  facts: 'f',
  gateway: 'g',
  activity: 'y',
  cache: 'd',
  settings: 's',
};

const creates: ReadonlySet<Screen> = new Set([
  'tokens',
  'channels',
  'teams',
  'environments',
  'policies',
  'facts',
]);

/** How long `g` waits for the second letter. */
const sequenceMs = 1500;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select') !== null);

const searchField = (): HTMLInputElement | null => document.querySelector('main input[type="search"]');

/** Puts the caret into the search of this list; a screen without one answers with the palette. */
export function focusSearch(): void {
  const field = searchField();
  if (field === null) usePalette.getState().show('palette');
  else {
    field.focus();
    field.select();
  }
}

/** Which list gets another entry by `n`: the one that is shown; elsewhere that of tokens. */
export const newOn = (screen: Screen): Screen => (creates.has(screen) ? screen : 'tokens');

/** Opens the form for another entry. */
export const openNew = (): void => navigate(newOn(useRoute.getState().screen), 'new');

/** The same keys in the browser and in the desktop app. Letters are left to fields and to dialogs. */
export function useShortcuts(): void {
  useEffect(() => {
    let sinceMs = -Infinity;
    const onKey = (event: KeyboardEvent) => {
      const { shown, show, close } = usePalette.getState();
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && key === 'k') {
        event.preventDefault();
        if (shown === 'palette') close();
        else show('palette');
        return;
      }
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && key === ',') {
        event.preventDefault();
        navigate('settings');
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (isTyping(event.target) || document.querySelector('[role=dialog], [role=menu]') !== null) return;
      const isSecond = event.timeStamp - sinceMs < sequenceMs;
      sinceMs = -Infinity;
      const screen = (Object.keys(screenKeys) as Screen[]).find((name) => screenKeys[name] === key);
      if (isSecond && screen !== undefined) navigate(screen);
      else if (key === 'g') sinceMs = event.timeStamp;
      else if (key === '/') focusSearch();
      else if (key === 'n') openNew();
      else if (key === '?') show('shortcuts');
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', typeAhead, true);
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', typeAhead, true);
      window.removeEventListener('keydown', onKey);
    };
  }, []);
}
