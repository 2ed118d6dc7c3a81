/** `npm run gallery`: every part of `ui/` in its states, in both themes, served on loopback while it is worked on. */
import { createServer } from 'vite';
import react from '@vitejs/plugin-react';
import { inRoot } from './paths.mjs';

const server = await createServer({
  // The app's own configuration is about its CSP and its build.
  configFile: false,
  root: inRoot('src-renderer'),
  cacheDir: inRoot('node_modules', '.vite-gallery'),
  plugins: [react()],
  // `shared` stands beside the renderer.
  server: { host: '127.0.0.1', port: 8790, fs: { allow: [inRoot('.')] } },
});
await server.listen();
const [address] = server.resolvedUrls?.local ?? [];
process.stdout.write(`Parts of the interface: ${address}gallery/\n`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.close());
