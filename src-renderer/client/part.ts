import type { ComponentType, LazyExoticComponent } from 'react';
import { lazy } from 'react';
import { api } from './api.ts';

/**
 * A part of the interface that is loaded when it is shown first.
 * @throws when it is shown: that the host is gone, if that is why its file does not come
 */
export function part<P extends object>(
  load: () => Promise<ComponentType<P>>,
): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => {
    try {
      return { default: await load() };
    } catch (error) {
      await api.session.status();
      throw error;
    }
  });
}
