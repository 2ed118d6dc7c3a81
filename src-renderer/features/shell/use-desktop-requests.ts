import { useEffect } from 'react';
import type { DesktopRequest } from '../../../shared/contract/desktop-views.ts';
import { api, onHostEvent } from '../../client/api.ts';
import { usePalette } from '../../state/palette.ts';
import { navigate } from '../../state/route.ts';
import { focusSearch, openNew } from './shortcuts.ts';
import { tellFailure } from '../../ui/tell.ts';

/** Shows what the menu, a link or a notification asks for. It only ever navigates: acting takes a click here. */
function show(request: DesktopRequest): void {
  if (request.type === 'show-token') {
    navigate('tokens', request.tokenId);
    return;
  }
  switch (request.command) {
    case 'new':
      openNew();
      return;
    case 'search-list':
      focusSearch();
      return;
    case 'new-token':
      navigate('tokens', 'new');
      return;
    case 'search':
      usePalette.getState().show('palette');
      return;
    case 'shortcuts':
    case 'help':
      usePalette.getState().show(request.command);
      return;
    case 'overview':
    case 'tokens':
    case 'holders':
    case 'channels':
    case 'teams':
    case 'environments':
    case 'policies':
    case 'packages':
    case 'advisories':
    case 'facts':
    case 'gateway':
    case 'activity':
    case 'cache':
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
