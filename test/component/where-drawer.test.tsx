import { screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { fakeBridge } from '../support/fake-bridge.ts';
import { show } from '../support/render.tsx';

const rule = { type: 'malware', noFacts: 'deny' };
const entry = (policyName: string, layer: string, more: object = {}) => ({
  policyId: `id-${policyName}`,
  policyName,
  layer,
  mode: 'enforce',
  style: 'hide',
  rules: [{ rule, readsAs: `what ${policyName} says` }],
  ...more,
});
fakeBridge({
  'policies.stack': () => [
    entry('all', 'organization'),
    entry('watching', 'organization', { mode: 'observe' }),
    entry('again', 'team', { rules: [{ rule, readsAs: 'the same', shadowedBy: 'all' }] }),
  ],
});
const { useDirectory } = await import('../../src-renderer/state/directory.ts');
const { WhereDrawer } = await import('../../src-renderer/features/policies/where-drawer.tsx');

it('says what each policy does to packages, and which rule has no effect; one that observes hides nothing', async () => {
  const id = 'AAAAAAAAAAAAAAAAAAAAAA';
  useDirectory.setState({
    teams: [{ id, name: 'science' }] as never,
    environments: [{ id, name: 'prod' }] as never,
  });
  show(<WhereDrawer onClose={vi.fn<() => void>()} />);
  const card = async (name: string) => {
    const link = await screen.findByRole('link', { name });
    return within(link.parentElement!.parentElement!.parentElement!);
  };
  expect((await card('all')).getByText('Hides packages')).toBeDefined();
  expect((await card('watching')).getByText('Only records')).toBeDefined();
  expect((await card('watching')).queryByText('Hides packages')).toBeNull();
  expect((await card('again')).getByText('No effect: all denies all of this already.')).toBeDefined();
});
