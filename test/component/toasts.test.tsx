import { screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LatchkeyError } from '../../shared/errors.ts';
import { CopyButton, CopyContext } from '../../src-renderer/ui/copy-button.tsx';
import { Overlay } from '../../src-renderer/ui/overlay/overlay.tsx';
import { tellFailure, tellNotice, tellSuccess } from '../../src-renderer/ui/tell.ts';
import { ToastOutlet } from '../../src-renderer/ui/toast/toast-outlet.tsx';
import { dismissAllToasts } from '../../src-renderer/ui/toast/toasts.ts';
import { show } from '../support/render.tsx';

afterEach(dismissAllToasts);
const failure = () => tellFailure(new LatchkeyError('VAULT_UNAVAILABLE', 'The disk is gone.'));

describe('messages', () => {
  it('takes an old failure away when it is mended', async () => {
    show(<ToastOutlet />);
    failure();
    expect((await screen.findByRole('alert')).textContent).toContain('The disk is gone.');
    tellSuccess('Saved.');
    await vi.waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(screen.getByRole('region', { name: 'Messages' }).textContent).toContain('Saved.');
  });

  it('shows the same failure once, and goes when it is dismissed', async () => {
    const { user } = show(<ToastOutlet />);
    failure();
    failure();
    expect(await screen.findAllByRole('alert')).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Dismiss message' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('stands inside the overlay that is open, below its title and outside of the screen under it', async () => {
    show(
      <>
        <Overlay title="Token" kind="drawer" onClose={() => undefined}>
          text
        </Overlay>
        <ToastOutlet />
      </>,
    );
    tellNotice('Updated.');
    const shown = await screen.findAllByRole('region', { name: 'Messages' });
    expect(shown).toHaveLength(1);
  });
});

describe('copying', () => {
  it('shows after how long a secret leaves the clipboard', async () => {
    const { user } = show(
      <CopyContext value={() => Promise.resolve({ clearsAfterSeconds: 60 })}>
        <CopyButton text="x" what="token" label="Copy token" secret />
      </CopyContext>,
    );
    await user.click(screen.getByRole('button', { name: 'Copy token' }));
    await screen.findByRole('button', { name: 'Copied, cleared in 60 s' });
    expect(screen.getByRole('status').textContent).toContain('The clipboard is cleared in 60 seconds.');
  });
});
