import { onHostEvent } from '../client/api.ts';
import { useDirectory } from './directory.ts';
import { useGateway } from './gateway.ts';
import { useRoute } from './route.ts';
import { useSession } from './session.ts';
import { useSummary } from './summary.ts';
import { useTokens } from './tokens.ts';

/** Forgets everything that came out of the vault. */
export function resetAll(): void {
  useDirectory.getState().reset();
  useTokens.getState().reset();
  useSummary.getState().reset();
  useGateway.getState().reset();
}

/** Loads again what the screens show: after unlocking, and whenever the vault changed. */
export async function reloadVault(): Promise<void> {
  const onTokens = useRoute.getState().screen === 'tokens';
  await Promise.all([
    useDirectory.getState().load(),
    useSummary.getState().load(),
    onTokens ? useTokens.getState().refresh() : Promise.resolve(),
  ]);
}

/** Wires the host's events to the slices; returns the function that ends it. */
export function followHost(): () => void {
  const endings = [
    onHostEvent('session.changed', (session) => useSession.getState().set(session)),
    onHostEvent('vault.changed', () => {
      if (useSession.getState().session?.vault === 'unlocked') void reloadVault();
    }),
    onHostEvent('gateway.changed', (gateway) => useGateway.getState().set(gateway)),
    // The lock itself is the signal, whoever turned it: a click, the idle timer, or another window.
    useSession.subscribe((now, before) => {
      if (before.session?.vault === 'unlocked' && now.session?.vault !== 'unlocked') resetAll();
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
}
