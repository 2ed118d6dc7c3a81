import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vite';

const inRenderer = (path: string) => fileURLToPath(new URL(`./src-renderer/${path}`, import.meta.url));

/**
 * Mantine writes its variables and responsive rules into <style> elements, which only a CSP with 'unsafe-inline' or a
 * nonce would let through. They are turned into constructed style sheets, so that `style-src 'self'` is enough.
 */
function adoptedStyles(): Plugin {
  const replaced = new Set<string>();
  return {
    name: 'latchkey:adopted-styles',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/@mantine/core/esm/') || !code.includes('jsx("style",')) return undefined;
      replaced.add(id);
      const component = JSON.stringify(inRenderer('csp/adopted-style.ts'));
      return {
        code: `import { AdoptedStyle } from ${component};\n${code.replaceAll('jsx("style",', 'jsx(AdoptedStyle,')}`,
        map: null,
      };
    },
    buildEnd(error) {
      // CssVariables, Classes and InlineStyles: fewer means that Mantine changed and the CSP would break the look.
      if (error === undefined && replaced.size < 3) {
        this.error(
          `Only ${replaced.size} of Mantine's 3 <style> elements were found; see adoptedStyles in vite.config.ts.`,
        );
      }
    },
  };
}

/**
 * zod asks once, while schemas are made, whether `new Function` works; the CSP would refuse and report it. Its own switch
 * (`z.config`) comes too late when a bundler puts the schemas into an earlier chunk, so the default is changed instead.
 */
function zodWithoutEval(): Plugin {
  let done = false;
  return {
    name: 'latchkey:zod-without-eval',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/zod/v4/core/core.js')) return undefined;
      const changed = code.replace('__zod_globalConfig = {}', '__zod_globalConfig = { jitless: true }');
      done = changed !== code;
      return { code: changed, map: null };
    },
    buildEnd(error) {
      if (error === undefined && !done) this.error('zod has changed; see zodWithoutEval in vite.config.ts.');
    },
  };
}

export default defineConfig({
  root: inRenderer(''),
  base: './',
  plugins: [adoptedStyles(), zodWithoutEval(), react()],
  resolve: { alias: { 'react-style-singleton': inRenderer('csp/style-singleton.ts') } },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome108',
    // No data: URLs, no inline scripts: everything is a file that `'self'` covers.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
});
