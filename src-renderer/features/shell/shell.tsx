import { Suspense, useEffect } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';
import type { SessionView } from '../../../shared/contract/session-views.ts';
import { onHostEvent } from '../../client/api.ts';
import { part } from '../../client/part.ts';
import { useGateway } from '../../state/gateway.ts';
import type { Screen } from '../../state/route.ts';
import { usePalette } from '../../state/palette.ts';
import { useRoute } from '../../state/route.ts';
import { AlarmBanner } from '../../ui/alarm-banner.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { LeaveQuestion } from '../../ui/form/leave-question.tsx';
import { HelpContext, SkeletonRows } from '../../ui/page.tsx';
import { tellFailure, tellNotice } from '../../ui/tell.ts';
import { ToastOutlet } from '../../ui/toast/toast-outlet.tsx';
import { dismissAllToasts, dismissFailures } from '../../ui/toast/toasts.ts';
import { alarmsBeside } from './alarms-beside.ts';
import { HostGone } from './host-gone.tsx';
import { Navigation } from './navigation.tsx';
import styles from './shell.module.css';
import { PassphraseDialog } from './passphrase-dialog.tsx';
import { useDesktopRequests } from './use-desktop-requests.ts';
import { useShortcuts } from './shortcuts.ts';
import { useIdleTouch, useLockShortcut } from './use-session-keys.ts';

const load: Record<Screen, () => Promise<ComponentType>> = {
  overview: async () => (await import('../overview/overview.tsx')).Overview,
  tokens: async () => (await import('../tokens/tokens-screen.tsx')).TokensScreen,
  holders: async () => (await import('../holders/holders-screen.tsx')).HoldersScreen,
  channels: async () => (await import('../channels/channels-screen.tsx')).ChannelsScreen,
  teams: async () => (await import('../teams/teams-screen.tsx')).TeamsScreen,
  environments: async () => (await import('../environments/environments-screen.tsx')).EnvironmentsScreen,
  policies: async () => (await import('../policies/policies-screen.tsx')).PoliciesScreen,
  packages: async () => (await import('../packages/packages-screen.tsx')).PackagesScreen,
  advisories: async () => (await import('../advisories/advisories-screen.tsx')).AdvisoriesScreen,
  facts: async () => (await import('../facts/facts-screen.tsx')).FactsScreen,
  gateway: async () => (await import('../gateway/gateway-screen.tsx')).GatewayScreen,
  activity: async () => (await import('../activity/activity-screen.tsx')).ActivityScreen,
  cache: async () => (await import('../cache/cache-screen.tsx')).CacheScreen,
  settings: async () => (await import('../settings/settings-screen.tsx')).SettingsScreen,
};
const screenViews = Object.fromEntries(
  Object.entries(load).map(([screen, ofScreen]) => [screen, part(ofScreen)]),
) as Record<Screen, LazyExoticComponent<ComponentType>>;

/** Loads a screen's files before it is shown. */
export const loadScreen = (screen: Screen): Promise<unknown> => load[screen]();

const Palette = part(async () => (await import('../palette/palette.tsx')).Palette);
const showHelp = () => usePalette.getState().show('help');

/** What is around every screen while the vault is open. */
export function Shell({ session }: { readonly session: SessionView }) {
  const screen = useRoute((route) => route.screen);
  const palette = usePalette((state) => state.shown);
  const Current = screenViews[screen];
  useLockShortcut();
  useShortcuts();
  useIdleTouch();
  useDesktopRequests();
  useEffect(() => onHostEvent('notice', ({ message }) => tellNotice(message)), []);
  useEffect(() => {
    useGateway.getState().load().catch(tellFailure);
  }, []);
  // What failed was a matter of the screen that was left; and nothing stays over a lock.
  useEffect(() => dismissFailures, [screen]);
  useEffect(() => dismissAllToasts, []);
  useEffect(() => usePalette.getState().close, []);
  const noticesKey = session.notices.join('\n');
  useEffect(() => {
    if (noticesKey !== '') for (const notice of noticesKey.split('\n')) tellNotice(notice);
  }, [noticesKey]);

  return (
    <div className={styles.shell}>
      <Navigation session={session} screen={screen} />
      <div className={styles.column}>
        <main className={styles.main}>
          <div className={styles.alarms}>
            <HostGone />
            <AlarmBanner alarms={alarmsBeside(screen, session.alarms)} />
          </div>
          <ErrorBoundary key={screen}>
            <Suspense fallback={<SkeletonRows />}>
              <HelpContext value={showHelp}>
                <Current />
              </HelpContext>
            </Suspense>
          </ErrorBoundary>
        </main>
        <ToastOutlet />
      </div>
      {palette !== undefined && (
        <Suspense fallback={null}>
          <Palette />
        </Suspense>
      )}
      <PassphraseDialog />
      <LeaveQuestion />
    </div>
  );
}
