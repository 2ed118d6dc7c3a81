import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useGateway } from '../../state/gateway.ts';
import { usePalette } from '../../state/palette.ts';
import type { Screen } from '../../state/route.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { tellFailure } from '../../ui/tell.ts';
import { newOn } from '../shell/shortcuts.ts';
import { lockNow } from '../shell/use-session-keys.ts';

export type Action = { readonly name: string; readonly keys?: string; readonly run: () => void };

const words = texts.palette.actions;

/** What can be done from anywhere. What cannot be undone is only shown: it takes a click where it stands. */
export function useActions(): readonly Action[] {
  const shown = useRoute((route) => route.screen);
  const keysOfNew = (screen: Screen) => (newOn(shown) === screen ? { keys: 'N' } : {});
  const isRunning = useGateway((state) => state.gateway?.running === true);
  const gateway: Action = isRunning
    ? { name: words.stopGateway, run: () => navigate('gateway') }
    : {
        name: words.startGateway,
        run: () => void api.gateway.start().then(useGateway.getState().set, tellFailure),
      };
  return [
    { name: words.issue, ...keysOfNew('tokens'), run: () => navigate('tokens', 'new') },
    ...(['channels', 'teams', 'environments', 'policies'] as const).map((screen) => ({
      name: words[screen],
      ...keysOfNew(screen),
      run: () => navigate(screen, 'new'),
    })),
    { name: words.template, run: () => navigate('policies', 'templates') },
    { name: words.where, run: () => navigate('policies', 'where') },
    { name: words.policyText, run: () => navigate('policies', 'text') },
    { name: words.lookUp, run: () => navigate('packages') },
    { name: words.facts, ...keysOfNew('facts'), run: () => navigate('facts', 'new') },
    gateway,
    { name: words.passphrase, run: () => navigate('settings') },
    { name: words.shortcuts, keys: '?', run: () => usePalette.getState().show('shortcuts') },
    { name: words.help, run: () => usePalette.getState().show('help') },
    {
      name: words.lock,
      keys: 'Ctrl+L',
      run: lockNow,
    },
  ];
}
