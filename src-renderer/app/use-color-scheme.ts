import { useSyncExternalStore } from 'react';

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');
const subscribe = (listener: () => void) => {
  darkQuery.addEventListener('change', listener);
  return () => darkQuery.removeEventListener('change', listener);
};

/** The scheme to show: what the settings say, or what the system says. */
export function useColorScheme(setting: 'auto' | 'light' | 'dark'): 'light' | 'dark' {
  const systemIsDark = useSyncExternalStore(subscribe, () => darkQuery.matches);
  return setting === 'auto' ? (systemIsDark ? 'dark' : 'light') : setting;
}
