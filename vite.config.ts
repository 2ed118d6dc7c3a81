import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { CSSOptions, Plugin } from 'vite';
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

/**
 * Subresource integrity: the page runs only the scripts and styles that it was built with, whoever answers on its port. Those
 * that the page names have it there; those that are loaded later get it by an import map, which the browser host makes
 * of `integrity.json`.
 */
function integrity(): Plugin {
  return {
    name: 'latchkey:integrity',
    enforce: 'post',
    apply: 'build',
    closeBundle() {
      const dist = (path: string) => fileURLToPath(new URL(`./dist/renderer/${path}`, import.meta.url));
      const page = readFileSync(dist('index.html'), 'utf8');
      const hashOf = (path: string) =>
        `sha384-${createHash('sha384')
          .update(readFileSync(dist(path)))
          .digest('base64')}`;
      let count = 0;
      const whole = page.replace(
        /<(?:script|link)\b[^>]*?\b(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g,
        (tag, path: string) => {
          count += 1;
          return `${tag} integrity="${hashOf(path)}"`;
        },
      );
      if (count < 2)
        this.error(
          'index.html names fewer scripts and styles than it should; see integrity in vite.config.ts.',
        );
      const assets = readdirSync(dist('assets')).map((name) => `assets/${name}`);
      if (assets.some((path) => path.endsWith('.css') && !whole.includes(path)))
        this.error('A style is loaded later, where nothing checks it; see integrity in vite.config.ts.');
      const scripts = assets.filter((path) => path.endsWith('.js'));
      writeFileSync(dist('index.html'), whole);
      writeFileSync(
        dist('integrity.json'),
        `${JSON.stringify(Object.fromEntries(scripts.map((path) => [`./${path}`, hashOf(path)])))}\n`,
      );
    },
  };
}

type Styles = Exclude<NonNullable<CSSOptions['postcss']>, string>;

/**
 * color-mix() came with Chromium 111. An older one takes the declaration, as it cannot judge variables, and then has no
 * value: the background is gone, the border too, the ink is somebody else's. It gets the colour that is tinted (the
 * second), or the tint itself for a border and where the second is transparent; every other browser has the mix from an @supports right behind.
 */
function plainColors(): NonNullable<Styles['plugins']>[number] {
  const mix =
    /color-mix\(in srgb,\s*((?:var\([\w-]+\)|[\w-]+))(?:\s+\d+%)?,\s*((?:var\([\w-]+\)|[\w-]+))(?:\s+\d+%)?\)/g;
  return {
    postcssPlugin: 'latchkey:plain-colors',
    OnceExit(styles, { atRule }) {
      styles.walkRules((rule) => {
        const mixed = rule.nodes.filter((node) => node.type === 'decl' && node.value.includes('color-mix('));
        const isDone =
          rule.parent?.type === 'atrule' && 'name' in rule.parent && rule.parent.name === 'supports';
        if (mixed.length === 0 || isDone) return;
        const supports = atRule({ name: 'supports', params: '(color: color-mix(in srgb, red, red))' });
        supports.append(rule.clone({ nodes: mixed.map((node) => node.clone()) }));
        for (const node of mixed)
          if (node.type === 'decl')
            node.value = node.value.replace(mix, (_, tint: string, base: string) =>
              base === 'transparent' || node.prop.startsWith('border') ? tint : base,
            );
        rule.after(supports);
      });
    },
  };
}

export default defineConfig({
  root: inRenderer(''),
  base: './',
  plugins: [adoptedStyles(), zodWithoutEval(), react(), integrity()],
  css: { postcss: { plugins: [plainColors()] } },
  resolve: { alias: { 'react-style-singleton': inRenderer('csp/style-singleton.ts') } },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome108',
    // No data: URLs, no inline scripts: everything is a file that `'self'` covers.
    assetsInlineLimit: 0,
    // One style sheet, named by the page: what scripts load later has no integrity.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The lists of words for passphrases, read with the first one that is typed.
    chunkSizeWarningLimit: 2_000,
  },
});
