import { useInsertionEffect } from 'react';
import { adopt } from './adopted-style.ts';

/**
 * The one function of `react-style-singleton` that Mantine's dialogs need (scroll lock), without its <style> element.
 * vite.config.ts puts it in that package's place.
 */
export function styleSingleton(): (props: { readonly styles: string; readonly dynamic?: boolean }) => null {
  return function StyleSingleton({ styles }) {
    useInsertionEffect(() => adopt(styles), [styles]);
    return null;
  };
}
