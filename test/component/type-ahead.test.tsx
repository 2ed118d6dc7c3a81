import { screen } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { useShortcuts } from '../../src-renderer/features/shell/shortcuts.ts';
import { paletteMark } from '../../src-renderer/features/shell/type-ahead.ts';
import { usePalette } from '../../src-renderer/state/palette.ts';
import { useRoute } from '../../src-renderer/state/route.ts';
import { show } from '../support/render.tsx';

function Page({ withPalette = false }) {
  const { text, type } = usePalette();
  useShortcuts();
  return (
    <>
      <input aria-label="Note" />
      {withPalette && (
        <div role="dialog">
          <div {...{ [paletteMark]: '' }}>
            <input aria-label="Palette" value={text} onChange={(event) => type(event.currentTarget.value)} />
          </div>
        </div>
      )}
    </>
  );
}

beforeEach(() => usePalette.getState().close());

it('gives the palette what is typed before its field is there, and the field before nothing', async () => {
  const { user, rerender } = show(<Page />);
  const note = screen.getByRole<HTMLInputElement>('textbox', { name: 'Note' });
  await user.click(note);
  await user.keyboard('{Control>}k{/Control}toke x{Backspace}{Enter}n');
  expect(usePalette.getState()).toMatchObject({ shown: 'palette', text: 'toke n' });
  expect(note.value).toBe('');
  // There, but without the focus yet.
  rerender(<Page withPalette />);
  await user.keyboard('s');
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Palette' });
  expect(field.value).toBe('toke ns');
  field.focus();
  await user.keyboard('!');
  expect(field.value).toBe('toke ns!');
  expect(note.value).toBe('');
});

it('ends by Escape also before it is there, and begins empty each time', async () => {
  const { user } = show(<Page />);
  await user.keyboard('{Control>}k{/Control}abc{Escape}');
  expect(usePalette.getState()).toMatchObject({ shown: undefined, text: '' });
  await user.keyboard('{Control>}k{/Control}');
  expect(usePalette.getState()).toMatchObject({ shown: 'palette', text: '' });
});

it('goes to the settings by Ctrl and a comma, from a field too', async () => {
  const { user } = show(<Page />);
  await user.click(screen.getByRole('textbox', { name: 'Note' }));
  await user.keyboard('{Control>},{/Control}');
  expect(window.location.hash).toBe('#/settings');
  expect(useRoute.getState().query).toBe('');
});
