'use strict';
// TEST-ONLY entry point: brings an old Electron up to date, then starts the real bundle.
require('./electron22-node.cjs');

// Playwright attaches to the app from outside, and hangs for ever if a window is just then between being made and showing
// its first document (about one launch in twenty). So `ready` waits until it is attached and calls the function by which
// its own loader does the same; that loader needs Electron's default app, which is not here, and sets switches of its own.
if (process.env.LATCHKEY_TEST_HOLD_READY === '1') {
  const { app } = require('electron');
  const really = app.whenReady();
  const emit = app.emit.bind(app);
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  let args = [];
  let isReady = false;
  app.emit = (event, ...rest) => {
    if (event !== 'ready' || isReady) return emit(event, ...rest);
    args = rest;
    return true;
  };
  app.isReady = () => isReady;
  app.whenReady = () => held;
  globalThis.__playwright_run = async () => {
    await really;
    isReady = true;
    release();
    emit('ready', ...args);
  };
}

// Not bundled in: esbuild is told it is external, so it stays a file beside this one.
require('./main.cjs');
