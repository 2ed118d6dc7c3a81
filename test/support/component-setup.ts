/** What Mantine asks of a browser that jsdom does not have; and an empty page for each test. */
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

window.matchMedia = (media: string) => ({
  media,
  // Without movement nothing has to be waited for.
  matches: media.includes('prefers-reduced-motion'),
  onchange: null,
  addListener: () => undefined,
  removeListener: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  dispatchEvent: () => false,
});
window.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
Element.prototype.scrollIntoView = () => undefined;
window.HTMLElement.prototype.scrollTo = () => undefined;
Object.defineProperty(document, 'fonts', {
  value: { addEventListener: () => undefined, removeEventListener: () => undefined },
});

afterEach(cleanup);

/** Its own default, a second, is a measure of how busy the machine is. */
configure({ asyncUtilTimeout: 20_000 });
