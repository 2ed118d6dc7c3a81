import { createTheme } from '@mantine/core';
import type { MantineColorsTuple } from '@mantine/core';

/** Ink teal: the brand's own scale. Shade 8 carries white text at 7.6:1, shade 7 at 5.9:1. */
const latch: MantineColorsTuple = [
  '#edf6f8',
  '#d9eaef',
  '#b1d4df',
  '#85bccd',
  '#60a7bd',
  '#4595ad',
  '#2f8099',
  '#1d6a82',
  '#11566c',
  '#0a4253',
];
/** Cool dark surfaces instead of neutral grey; 7 is the page, 6 a card. */
const dark: MantineColorsTuple = [
  '#d3dce1',
  '#b0bdc5',
  '#8b9aa4',
  '#62727d',
  '#3d4c56',
  '#2e3b44',
  '#1d282f',
  '#151e24',
  '#10181d',
  '#0b1115',
];

export const theme = createTheme({
  primaryColor: 'latch',
  primaryShade: { light: 8, dark: 7 },
  colors: { latch, dark },
  fontFamily:
    "system-ui, -apple-system, 'Segoe UI Variable', 'Segoe UI', Roboto, Ubuntu, Cantarell, 'Noto Sans', sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Noto Sans Mono', 'DejaVu Sans Mono', Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // Said although it is the default: app.css tints by the attribute that it sets.
    Alert: { defaultProps: { variant: 'light', role: 'note' } },
    Badge: { defaultProps: { radius: 'sm', variant: 'light' } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45, blur: 1 } } },
    Drawer: { defaultProps: { position: 'right', overlayProps: { backgroundOpacity: 0.35 } } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
  },
});
