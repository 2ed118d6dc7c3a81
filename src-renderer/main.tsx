import { createRoot } from 'react-dom/client';
import { StrictMode } from 'react';
import '@mantine/core/styles.css';
import './ui/tokens.css';
import './ui/global.css';
import { App } from './app/app.tsx';
import { isHostGone } from './client/error-text.ts';
import { setPassphraseAsker } from './client/api.ts';
import { askPassphrase } from './state/passphrase-ask.ts';

setPassphraseAsker(askPassphrase);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root, {
  // What a boundary shows; a host that is gone is no bug.
  onCaughtError: (error) => {
    if (!isHostGone(error)) reportError(error);
  },
}).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
