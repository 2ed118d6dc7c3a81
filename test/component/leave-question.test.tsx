import { useState } from 'react';
import { TextInput } from '@mantine/core';
import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { onAddress } from '../../src-renderer/client/address.ts';
import { FormOverlay } from '../../src-renderer/ui/form/form-overlay.tsx';
import { LeaveQuestion } from '../../src-renderer/ui/form/leave-question.tsx';
import { show } from '../support/render.tsx';

function Screen(props: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  return (
    <>
      <FormOverlay
        title="New team"
        submit="Create team"
        draft={{ name }}
        onSubmit={() => undefined}
        onClose={props.onClose}
      >
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      </FormOverlay>
      <LeaveQuestion />
    </>
  );
}

/** What the route hears. */
const heard = vi.fn<(hash: string) => void>();
onAddress(() => heard(window.location.hash));
const go = async (hash: string) => {
  window.location.hash = hash;
  await new Promise((resolve) => setTimeout(resolve, 50));
};
const question = () => screen.queryByRole('dialog', { name: 'Discard your changes?' });

beforeEach(async () => {
  await go('#/teams/new');
  heard.mockClear();
});

describe('leaving a form', () => {
  it('by the way back or a link asks when something would be lost, and stays where it is', async () => {
    const { user } = show(<Screen onClose={() => undefined} />);
    await user.type(screen.getByLabelText('Name'), 'ci');
    await go('#/tokens');
    expect(question()).not.toBeNull();
    expect(window.location.hash).toBe('#/teams/new');
    expect(heard).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'Keep editing' }));
    expect(question()).toBeNull();
    await go('#/tokens');
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    await expect.poll(() => heard.mock.calls).toEqual([['#/tokens']]);
  });

  it('asks nothing when nothing was entered, when only the look of the list changes, or after Cancel', async () => {
    const onClose = vi.fn<() => void>(() => {
      window.location.hash = '#/teams';
    });
    const { user } = show(<Screen onClose={onClose} />);
    await go('#/teams/1');
    expect(heard).toHaveBeenLastCalledWith('#/teams/1');
    await user.type(screen.getByLabelText('Name'), 'ci');
    await go('#/teams/1?sort=name');
    expect(heard).toHaveBeenLastCalledWith('#/teams/1?sort=name');
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await expect.poll(() => heard.mock.lastCall).toEqual(['#/teams']);
    expect(question()).toBeNull();
  });
});
