import { useEffect } from 'react';
import type { DesktopRequest } from '../../../shared/contract/desktop-views.ts';
import { api, onHostEvent } from '../../client/api.ts';
import { navigate } from '../../state/route.ts';
import { tellFailure } from '../../ui/tell.ts';

/** Shows what the menu, a link or a notification asks for. It only ever navigates: acting takes a click here. */
function show(request: DesktopRequest): void {
  if (request.type === 'show-token') {
    navigate('tokens', request.tokenId);
    return;
  }
  switch (request.command) {
    case 'new-token':
      navigate('tokens', 'new');
      return;
    case 'search':
      navigate('tokens');
      // The screen may have to be loaded first.
      window.setTimeout(() => document.querySelector<HTMLElement>('input[type="search"]')?.focus(), 150);
      return;
    case 'about':
      navigate('settings');
      return;
    case 'tokens':
    case 'gateway':
    case 'policies':
    case 'settings':
      navigate(request.command);
  }
}

/** Follows the desktop app's requests, also the one that came before this page was there. */
export function useDesktopRequests(): void {
  useEffect(() => {
    api.desktop.takeRequest().then(({ request }) => request && show(request), tellFailure);
    return onHostEvent('desktop.request', show);
  }, []);
}
