import { useState } from 'react';
import { TextInput } from '@mantine/core';
import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { LatchkeyError } from '../../shared/errors.ts';
import { FormOverlay } from '../../src-renderer/ui/form/form-overlay.tsx';
import { letGo, useLeaving } from '../../src-renderer/ui/form/unsaved.ts';
import { focused, show } from '../support/render.tsx';

function TeamForm(props: { readonly save?: (name: string) => Promise<void>; readonly onClose?: () => void }) {
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  return (
    <FormOverlay
      title="New team"
      submit="Create team"
      draft={{ name, note }}
      missing={name === '' ? 'Enter a name.' : undefined}
      fields={['name', 'note']}
      onSubmit={() => props.save?.(name)}
      onClose={props.onClose ?? (() => undefined)}
    >
      {({ at }) => (
        <>
          <TextInput
            label="Name"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={at.name}
          />
          <TextInput
            label="Note"
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            error={at.note}
          />
        </>
      )}
    </FormOverlay>
  );
}

const nameField = () => screen.getByLabelText('Name');
const taken = () =>
  new LatchkeyError('NAME_TAKEN', 'There is a team “ci” already.', { details: { what: 'team', name: 'ci' } });

describe('a form', () => {
  it('says why it cannot be sent, beside the button and to those who do not see it', async () => {
    const save = vi.fn<(name: string) => Promise<void>>();
    const { user } = show(<TeamForm save={save} />);
    const button = screen.getByRole('button', { name: 'Create team', description: 'Enter a name.' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    await user.click(button);
    expect(screen.getByRole('status').textContent).toContain('Enter a name.');
    expect(save).not.toHaveBeenCalled();
    await user.type(nameField(), 'ci');
    expect(button.getAttribute('aria-disabled')).toBeNull();
    expect(screen.queryByText('Enter a name.', { selector: 'span' })).toBeNull();
  });

  it('is sent by Enter, once', async () => {
    let finish: () => void = () => undefined;
    const save = vi.fn<(name: string) => Promise<void>>(() => new Promise((resolve) => (finish = resolve)));
    const onClose = vi.fn<() => void>();
    const { user } = show(<TeamForm save={save} onClose={onClose} />);
    await user.type(nameField(), 'ci{Enter}{Enter}');
    expect(save.mock.calls).toEqual([['ci']]);
    expect(onClose).not.toHaveBeenCalled();
    finish();
    await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  });

  it('puts a refusal at its field, with the focus, until that field is mended', async () => {
    const { user } = show(<TeamForm save={() => Promise.reject(taken())} />);
    await user.type(nameField(), 'ci');
    await user.click(screen.getByRole('button', { name: 'Create team' }));
    await screen.findByText('There is a team “ci” already.');
    await expect.poll(focused).toBe('Name');
    expect(nameField().getAttribute('aria-invalid')).toBe('true');
    expect(screen.queryByRole('alert')).toBeNull();
    await user.type(screen.getByLabelText('Note'), 'x');
    expect(screen.queryByText('There is a team “ci” already.')).not.toBeNull();
    await user.type(nameField(), '2');
    expect(screen.queryByText('There is a team “ci” already.')).toBeNull();
  });

  it('says what belongs to no field above its actions, outside of what scrolls, until something is changed', async () => {
    const refusal = new LatchkeyError('VAULT_UNAVAILABLE', 'The disk is gone.');
    const { user } = show(<TeamForm save={() => Promise.reject(refusal)} />);
    await user.type(nameField(), 'ci{Enter}');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('The disk is gone.');
    expect(nameField().closest('.scroll')).not.toBeNull();
    expect(alert.closest('.scroll')).toBeNull();
    await user.type(nameField(), '2');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('asks before edits are lost, and only then', async () => {
    const onClose = vi.fn<() => void>();
    const { user } = show(<TeamForm onClose={onClose} />);
    await expect.poll(focused).toBe('Name');
    await user.keyboard('x{Escape}');
    await expect.poll(focused).toBe('Keep editing');
    expect(onClose).not.toHaveBeenCalled();
    await user.keyboard('{Enter}');
    await expect.poll(focused).toBe('Name');
    await user.keyboard('{Backspace}{Escape}');
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('holds the page in the browser while something is unsaved', async () => {
    const { user, unmount } = show(<TeamForm />);
    const leave = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(leave()).toBe(false);
    await user.type(nameField(), 'x');
    expect(leave()).toBe(true);
    unmount();
    expect(leave()).toBe(false);
  });

  it('holds what is typed right after other edits were let go', async () => {
    const leave = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    const first = show(<TeamForm />);
    await first.user.type(nameField(), 'x');
    letGo();
    expect(leave()).toBe(false);
    first.unmount();
    const { user } = show(<TeamForm />);
    await user.type(nameField(), 'y');
    expect(leave()).toBe(true);
  });

  it('is not asked about when the address has changed before it was open, and is told of afterwards', async () => {
    const told = (from: string, to: string) => {
      const [oldURL, newURL] = [
        new URL(from, window.location.href).href,
        new URL(to, window.location.href).href,
      ];
      window.dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL }));
      return useLeaving.getState().to;
    };
    window.history.replaceState(null, '', '#/teams/new');
    const first = show(<TeamForm />);
    await first.user.type(nameField(), 'x');
    window.history.replaceState(null, '', '#/teams');
    letGo();
    first.unmount();
    const { user } = show(<TeamForm />);
    await user.type(nameField(), 'y');
    expect(told('#/teams/new', '#/teams')).toBeUndefined();
    expect(told('#/teams', '#/tokens')).toMatch(/#\/tokens$/);
    useLeaving.setState({ to: undefined });
  });
});
