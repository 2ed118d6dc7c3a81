import { createRoot } from 'react-dom/client';
import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles.css';
import '../ui/tokens.css';
import '../ui/global.css';
import { theme } from '../app/theme.ts';
import { Announcer } from '../ui/live-region.tsx';
import { Gallery } from './gallery.tsx';
import { SideBySide } from './side-by-side.tsx';

/** `?scheme=dark` shows one theme; without it both stand side by side. */
const scheme = new URLSearchParams(window.location.search).get('scheme');

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  scheme === null ? (
    <SideBySide />
  ) : (
    <MantineProvider theme={theme} forceColorScheme={scheme === 'dark' ? 'dark' : 'light'}>
      <Announcer />
      <Gallery />
    </MantineProvider>
  ),
);
