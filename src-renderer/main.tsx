import { createRoot } from 'react-dom/client';
import { StrictMode } from 'react';
import '@mantine/core/styles.css';
import './ui/tokens.css';
import './ui/global.css';
import { App } from './app/app.tsx';
import { setPassphraseAsker } from './client/api.ts';
import { askPassphrase } from './state/passphrase-ask.ts';

setPassphraseAsker(askPassphrase);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
