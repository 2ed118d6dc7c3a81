import { createTheme } from '@mantine/core';
import type { MantineColorsTuple } from '@mantine/core';

/** A scale of tokens.css; Mantine mixes its other colours out of the variables. */
const scale = (name: string): MantineColorsTuple => [
  `var(--lk-${name}-0)`,
  `var(--lk-${name}-1)`,
  `var(--lk-${name}-2)`,
  `var(--lk-${name}-3)`,
  `var(--lk-${name}-4)`,
  `var(--lk-${name}-5)`,
  `var(--lk-${name}-6)`,
  `var(--lk-${name}-7)`,
  `var(--lk-${name}-8)`,
  `var(--lk-${name}-9)`,
];

export const theme = createTheme({
  primaryColor: 'latch',
  primaryShade: { light: 8, dark: 7 },
  colors: { latch: scale('latch'), dark: scale('dark'), red: scale('red') },
  fontFamily: 'var(--lk-font)',
  fontFamilyMonospace: 'var(--lk-font-mono)',
  fontSizes: {
    xs: 'var(--lk-text-xs)',
    sm: 'var(--lk-text-sm)',
    md: 'var(--lk-text-md)',
    lg: 'var(--lk-text-lg)',
    xl: 'var(--lk-text-xl)',
  },
  headings: {
    fontWeight: 'var(--lk-weight-bold)',
    sizes: {
      h1: { fontSize: 'var(--lk-text-xl)', lineHeight: '1.3' },
      h2: { fontSize: 'var(--lk-text-lg)', lineHeight: '1.4' },
      h3: { fontSize: 'var(--lk-text-md)', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // Said although it is the default: the style sheets tint by the attribute that it sets.
    Alert: { defaultProps: { variant: 'light', role: 'note' } },
    Badge: { defaultProps: { radius: 'sm', variant: 'light' } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45, blur: 1 } } },
    Drawer: { defaultProps: { position: 'right', overlayProps: { backgroundOpacity: 0.35 } } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
  },
});
