import { useState } from 'react';
import type { ReactNode } from 'react';
import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Loss } from '../../src-renderer/ui/overlay/overlay.tsx';
import { Overlay } from '../../src-renderer/ui/overlay/overlay.tsx';
import { focused, show } from '../support/render.tsx';

const loss: Loss = {
  title: 'Discard your changes?',
  text: 'Gone.',
  discard: 'Discard',
  keep: 'Keep editing',
};

/** A screen with a button that opens an overlay. */
function Screen(props: {
  readonly loss?: Loss;
  readonly opener?: (open: () => void) => ReactNode;
  readonly children?: ReactNode;
  readonly onSubmit?: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <main>
      {props.opener?.(() => setOpen(true)) ?? <button onClick={() => setOpen(true)}>Open</button>}
      {isOpen && (
        <Overlay
          title="Team"
          loss={props.loss}
          onClose={() => setOpen(false)}
          onSubmit={props.onSubmit}
          foot={<button>Save</button>}
        >
          <input aria-label="Name" data-autofocus />
          {props.children}
        </Overlay>
      )}
    </main>
  );
}

const dialogs = () => screen.queryAllByRole('dialog').length;

describe('an overlay', () => {
  it('gives the focus back to what opened it, however it was closed', async () => {
    const { user } = show(<Screen />);
    for (const close of [
      () => user.keyboard('{Escape}'),
      async () => user.click(screen.getByRole('button', { name: 'Close' })),
    ]) {
      // One after the other: it is one screen.
      // oxlint-disable-next-line no-await-in-loop
      await user.click(screen.getByRole('button', { name: 'Open' }));
      // oxlint-disable-next-line no-await-in-loop
      await expect.poll(focused).toBe('Name');
      // oxlint-disable-next-line no-await-in-loop
      await close();
      // oxlint-disable-next-line no-await-in-loop
      await expect.poll(dialogs).toBe(0);
      // oxlint-disable-next-line no-await-in-loop
      await expect.poll(focused).toBe('Open');
    }
  });

  it('waits for an opener that is disabled while its action ends', async () => {
    function Slow() {
      const [busy, setBusy] = useState(false);
      return (
        <Screen
          opener={(open) => (
            <button
              disabled={busy}
              onClick={() => {
                setBusy(true);
                open();
                setTimeout(() => setBusy(false), 300);
              }}
            >
              Export
            </button>
          )}
        />
      );
    }
    const { user } = show(<Slow />);
    await user.click(screen.getByRole('button', { name: 'Export' }));
    await expect.poll(focused).toBe('Name');
    await user.keyboard('{Escape}');
    await expect.poll(focused).toBe('Export');
  });

  it('gives the focus to the screen when its opener is no more', async () => {
    function Row() {
      const [isThere, setThere] = useState(true);
      return (
        <Screen opener={(open) => (isThere ? <button onClick={open}>Row</button> : <i>none</i>)}>
          <button onClick={() => setThere(false)}>Remove</button>
        </Screen>
      );
    }
    const { user } = show(<Row />);
    await user.click(screen.getByRole('button', { name: 'Row' }));
    await user.click(screen.getByRole('button', { name: 'Remove' }));
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await vi.waitFor(() => expect(document.activeElement?.tagName).toBe('MAIN'));
  });

  it('asks before something is lost, with keeping it as the default', async () => {
    const { user } = show(<Screen loss={loss} />);
    await user.click(screen.getByRole('button', { name: 'Open' }));
    await expect.poll(focused).toBe('Name');
    await user.keyboard('{Escape}');
    await expect.poll(focused).toBe('Keep editing');
    await user.keyboard('{Enter}');
    await expect.poll(focused).toBe('Name');
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await expect.poll(focused).toBe('Keep editing');
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    await expect.poll(dialogs).toBe(0);
    await expect.poll(focused).toBe('Open');
  });

  it('closes one layer per Escape', async () => {
    const { user } = show(
      <Screen>
        <Screen opener={(open) => <button onClick={open}>More</button>} />
      </Screen>,
    );
    await user.click(screen.getByRole('button', { name: 'Open' }));
    await user.click(screen.getByRole('button', { name: 'More' }));
    expect(dialogs()).toBe(2);
    await user.keyboard('{Escape}');
    await expect.poll(dialogs).toBe(1);
    await expect.poll(focused).toBe('More');
  });

  it('keeps what is sent inside from the form around it', async () => {
    const outer = vi.fn<() => void>();
    const inner = vi.fn<() => void>();
    const { user } = show(
      <Screen onSubmit={outer}>
        <Screen
          onSubmit={inner}
          opener={(open) => (
            <button type="button" onClick={open}>
              More
            </button>
          )}
        />
      </Screen>,
    );
    await user.click(screen.getByRole('button', { name: 'Open' }));
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.type(screen.getAllByLabelText('Name')[1] ?? document.body, 'x{Enter}');
    expect(inner).toHaveBeenCalledOnce();
    expect(outer).not.toHaveBeenCalled();
  });
});
