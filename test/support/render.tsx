import type { ReactNode } from 'react';
import { MantineProvider } from '@mantine/core';
import type { RenderResult } from '@testing-library/react';
import { render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { theme } from '../../src-renderer/app/theme.ts';
import { Announcer } from '../../src-renderer/ui/live-region.tsx';

/** Shows a part as the app does: with the theme, without animations, and with the live region. */
export function show(part: ReactNode): RenderResult & { readonly user: ReturnType<typeof userEvent.setup> } {
  const user = userEvent.setup();
  const wrap = (inner: ReactNode) => (
    <MantineProvider theme={theme}>
      <Announcer />
      {inner}
    </MantineProvider>
  );
  const view = render(wrap(part));
  return { ...view, rerender: (next: ReactNode) => view.rerender(wrap(next)), user };
}

/** The name of what has the focus; `body` when nothing has. A name says more in a failure than an element does. */
export function focused(): string {
  const element = document.activeElement;
  if (element === null || element === document.body) return 'body';
  const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
  return (label ?? element.getAttribute('aria-label') ?? element.textContent ?? '').replace(/\s*\*$/, '');
}
