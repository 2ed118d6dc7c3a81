import { Suspense, useEffect } from 'react';
import { Box, Center, Loader, MantineProvider } from '@mantine/core';
import { part } from '../client/part.ts';
import { followHost } from '../state/live.ts';
import { browse } from '../state/browse.ts';
import { copyText } from '../state/copy-text.ts';
import { useRoute } from '../state/route.ts';
import { useSession } from '../state/session.ts';
import { useSettings } from '../state/settings.ts';
import { BrowseContext } from '../ui/form/folder-field.tsx';
import { CopyContext } from '../ui/copy-button.tsx';
import { ErrorAlert } from '../ui/error-alert.tsx';
import { SignedOut } from '../features/signed-out/signed-out.tsx';
import { Stopped } from '../features/signed-out/stopped.tsx';
import { Unlock } from '../features/unlock/unlock.tsx';
import { Announcer } from '../ui/live-region.tsx';
import { theme } from './theme.ts';
import { useColorScheme } from './use-color-scheme.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.ui.app;

const Welcome = part(async () => (await import('../features/welcome/welcome.tsx')).Welcome);
const loadShell = () => import('../features/shell/shell.tsx');
const Shell = part(async () => (await loadShell()).Shell);

/** While the passphrase is typed: an unlock then waits for no file. */
async function loadAhead(): Promise<void> {
  await (await loadShell()).loadScreen(useRoute.getState().screen);
}

function Waiting() {
  return (
    <Center mih="100vh">
      <Loader aria-label={words.loading} size="sm" />
    </Center>
  );
}

function Content() {
  const { session, problem, signedOut, lockWaits, start } = useSession();
  if (signedOut !== undefined) return <SignedOut why={signedOut} />;
  if (lockWaits) return <Stopped />;
  if (problem !== undefined) {
    return (
      <Center mih="100vh" p="xl">
        <Box maw={460}>
          <ErrorAlert error={problem} onRetry={() => void start()} />
        </Box>
      </Center>
    );
  }
  if (session === undefined) return <Waiting />;
  switch (session.vault) {
    case 'none':
      return <Welcome />;
    case 'locked':
    case 'damaged':
      return <Unlock session={session} />;
    case 'unlocked':
      return <Shell session={session} />;
  }
}

/** The whole app: provider, start, and which of the three worlds is shown: no vault, locked, open. */
export function App() {
  const colorScheme = useColorScheme(useSettings((state) => state.settings?.colorScheme ?? 'auto'));
  const isLocked = useSession((state) => state.session?.vault === 'locked');
  const canBrowse = useSession((state) => state.host?.saveDialog === 'native');
  useEffect(() => {
    const end = followHost();
    void useSession.getState().start();
    // Only the look depends on the settings here: without them the system's scheme is used.
    void useSettings
      .getState()
      .load()
      .catch(() => undefined);
    return end;
  }, []);
  useEffect(() => {
    // Where it fails, it is loaded again when it is shown, which then says why.
    if (isLocked) loadAhead().catch(() => undefined);
  }, [isLocked]);
  return (
    <MantineProvider theme={theme} forceColorScheme={colorScheme}>
      <Announcer />
      <BrowseContext value={canBrowse ? browse : undefined}>
        <CopyContext value={copyText}>
          <ErrorBoundary>
            <Suspense fallback={<Waiting />}>
              <Content />
            </Suspense>
          </ErrorBoundary>
        </CopyContext>
      </BrowseContext>
    </MantineProvider>
  );
}
