import { screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { fakeBridge } from '../support/fake-bridge.ts';
import { show } from '../support/render.tsx';

const made = { fileName: 'openvex-2026-01-02.json', text: '{"statements": []}\n', count: 2 };
const host = fakeBridge({
  'exports.saveCuration': ({ path }: { path?: string }) => ({ path: path ?? '/chosen', mode: '0600' }),
});
const { useSession } = await import('../../src-renderer/state/session.ts');
const { ExportTextDialog } = await import('../../src-renderer/features/lists/export-text-dialog.tsx');

const open = (saveDialog: 'native' | 'typed', count: number) => {
  useSession.setState({ host: { saveDialog, homeDir: '/home/ada', platform: 'linux' } as never });
  const dialog = (
    <ExportTextDialog
      title="Export assessments"
      hint="All of them."
      empty="There is nothing."
      document="openvex"
      read={async () => ({ ...made, count })}
      onClose={vi.fn<() => void>()}
    />
  );
  return show(dialog);
};

it('saves a document by the dialog of the system', async () => {
  const { user } = open('native', 2);
  await user.click(await screen.findByRole('button', { name: 'Save openvex-2026-01-02.json' }));
  await waitFor(() => expect(host.inputsOf('exports.saveCuration')).toEqual([{ document: 'openvex' }]));
});

it('asks for the path where the host has no such dialog', async () => {
  const { user } = open('typed', 2);
  await user.click(await screen.findByRole('button', { name: 'Save openvex-2026-01-02.json' }));
  const ask = within(await screen.findByRole('dialog', { name: 'Save openvex-2026-01-02.json' }));
  expect(ask.getByRole('textbox', { name: 'Path' })).toHaveProperty(
    'value',
    '/home/ada/Downloads/openvex-2026-01-02.json',
  );
  await user.click(ask.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(host.inputsOf('exports.saveCuration').at(-1)).toEqual({
      document: 'openvex',
      path: '/home/ada/Downloads/openvex-2026-01-02.json',
      overwrite: false,
    }),
  );
});

it('has nothing to save where there is nothing', async () => {
  open('typed', 0);
  expect(await screen.findByText('There is nothing.')).toBeDefined();
  expect(screen.queryByRole('button', { name: /^Save/ })).toBeNull();
});
