import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { PolicyDraft, PolicyProblem } from '../../shared/contract/policy-views.ts';
import { fakeBridge } from '../support/fake-bridge.ts';
import { show } from '../support/render.tsx';

let problems: readonly PolicyProblem[] = [];
const host = fakeBridge({
  'policies.preview': (draft: PolicyDraft) => ({
    readsAs: `Reads with ${draft.rules.length} rules.`,
    layer: 'organization',
    problems,
  }),
  'policies.save': (draft: PolicyDraft) => draft,
  'curation.facts': () => ({
    feeds: [],
    version: '',
    counts: [{ ecosystem: 'pypi', advisories: 2661, withoutScore: 2459, malware: 0 }],
  }),
});
const { useSession } = await import('../../src-renderer/state/session.ts');
const { PolicyDialog } = await import('../../src-renderer/features/policies/policy-dialog.tsx');

const start: PolicyDraft = {
  name: 'strict',
  mode: 'enforce',
  style: 'hide',
  teams: 'all',
  environments: 'all',
  rules: [{ type: 'malware', noFacts: 'deny' }],
};
const open = (draft: PolicyDraft | undefined) => {
  problems = [];
  const onClose = vi.fn<() => void>();
  const view = show(
    <PolicyDialog policy={undefined} {...(draft === undefined ? {} : { start: draft })} onClose={onClose} />,
  );
  return { ...view, onClose, dialog: within(screen.getByRole('dialog', { name: 'New policy' })) };
};

it('reads a draft back as it is built, and saves what its cards say', async () => {
  const { user, dialog, onClose } = open(start);
  expect(await dialog.findByText('Reads with 1 rules.')).toBeDefined();
  await user.click(dialog.getByRole('button', { name: 'Add a rule' }));
  await user.click(await screen.findByRole('menuitem', { name: /^Age/, hidden: true }));
  expect(await dialog.findByText('Reads with 2 rules.')).toBeDefined();
  await user.click(dialog.getByRole('radio', { name: 'Observe' }));
  await user.click(dialog.getByRole('radio', { name: 'Refuse' }));
  await user.click(dialog.getByRole('button', { name: 'Create policy' }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(host.inputsOf('policies.save').at(-1)).toEqual({
    ...start,
    mode: 'observe',
    style: 'refuse',
    rules: [...start.rules, { type: 'age', minDays: 7, unknown: 'deny' }],
  });
});

it('says at its rule what is wrong, and does not save an error', async () => {
  const { user, dialog } = open({
    ...start,
    rules: [...start.rules, { type: 'packages', list: 'deny', specs: [{ ecosystem: 'pypi', spec: 'a' }] }],
  });
  problems = [
    { ruleNo: 1, level: 'error', code: 'bad-spec', text: 'a b c' },
    { ruleNo: 0, level: 'warning', code: 'shadowed', text: 'block-malware' },
  ];
  const before = host.inputsOf('policies.save').length;
  await user.type(dialog.getByRole('textbox', { name: 'PyPI' }), '{enter}a b c');
  const card = within(dialog.getByRole('group', { name: '2. Packages' }));
  expect(await card.findByText('“a b c” is not a valid spec.')).toBeDefined();
  expect(
    within(dialog.getByRole('group', { name: '1. Malware' })).getByText(
      'Has no effect: policy block-malware denies all of this already.',
    ),
  ).toBeDefined();
  await user.click(dialog.getByRole('button', { name: 'Create policy' }));
  expect(dialog.getAllByText('Fix rule 2 first.').length).toBeGreaterThan(0);
  expect(host.inputsOf('policies.save').length).toBe(before);
});

it('says beside the unknown setting how many advisories have no score', async () => {
  const { user, dialog } = open({ ...start, rules: [] });
  expect(dialog.getByText('Add at least one rule.')).toBeDefined();
  await user.click(dialog.getByRole('button', { name: 'Add a rule' }));
  await user.click(await screen.findByRole('menuitem', { name: /^Vulnerabilities/, hidden: true }));
  expect(await dialog.findByText('2,459 of 2,661 have no score.')).toBeDefined();
});

it('begins without any rule, so that none is left in by accident, and says how to get one', async () => {
  const { user, dialog } = open(undefined);
  expect(dialog.queryByRole('group', { name: /^1\. / })).toBeNull();
  expect(dialog.getByText(/^No rules yet\./)).toBeDefined();
  expect(dialog.getByRole('link', { name: 'Start from a template…' }).getAttribute('href')).toBe(
    '#/policies/templates',
  );
  await user.type(dialog.getByRole('textbox', { name: 'Name' }), 'short');
  expect(dialog.getByText('Add at least one rule.')).toBeDefined();
  await user.click(dialog.getByRole('button', { name: 'Add a rule' }));
  await user.click(await screen.findByRole('menuitem', { name: /^Tokens/, hidden: true }));
  const card = within(dialog.getByRole('group', { name: '1. Tokens' }));
  expect(card.getByRole('textbox', { name: 'Longest lifetime' })).toHaveProperty('value', '90 days');
  // Where nothing but tokens is concerned, there is nothing to hide.
  expect(dialog.queryByRole('radio', { name: 'Hide' })).toBeNull();
  expect(dialog.queryByText('Add at least one rule.')).toBeNull();
});

it('reads back what is complete, says what is left out, and puts problems at their own rules', async () => {
  const { user, dialog } = open(start);
  problems = [{ ruleNo: 1, level: 'warning', code: 'doubled', text: '1' }];
  for (const rule of [/^Licenses/, /^Malware/]) {
    await user.click(dialog.getByRole('button', { name: 'Add a rule' }));
    await user.click(await screen.findByRole('menuitem', { name: rule, hidden: true }));
  }
  // The second one has no license yet: main has seen the first and the third.
  expect(await dialog.findByText('Reads with 2 rules.')).toBeDefined();
  expect(dialog.getByText('One rule is left out here: it is not complete yet.')).toBeDefined();
  const third = within(dialog.getByRole('group', { name: '3. Malware' }));
  expect(await third.findByText('Says the same as rule 1.')).toBeDefined();
  expect(dialog.getAllByText('Rule 2: Enter at least one license.').length).toBeGreaterThan(0);
});

it('leads the focus into a rule that was added, and back to the button from one that goes', async () => {
  const { user, dialog } = open(start);
  const add = dialog.getByRole('button', { name: 'Add a rule' });
  await user.click(add);
  await user.click(await screen.findByRole('menuitem', { name: /^Age/, hidden: true }));
  const card = dialog.getByRole('group', { name: '2. Age' });
  await waitFor(() => expect(document.activeElement).toBe(within(card).getByRole('textbox')));
  await user.click(within(card).getByRole('button', { name: 'Remove rule 2, Age' }));
  expect(document.activeElement).toBe(add);
});

it('says to whom may not save it why, and shows it all the same', () => {
  const operator = { id: 'o', name: 'Ann', role: 'auditor' };
  useSession.setState({ session: { vault: 'unlocked', operator } as never });
  const { dialog } = open(start);
  expect(dialog.getAllByText('Only an admin can do this.').length).toBeGreaterThan(0);
  expect(dialog.getByRole('group', { name: '1. Malware' })).toBeDefined();
  useSession.setState({ session: undefined });
});

it('is built by keyboard alone: Escape closes the menu alone, what is added has the focus, Enter saves', async () => {
  const { user, dialog, onClose } = open({ ...start, rules: [] });
  const add = dialog.getByRole('button', { name: 'Add a rule' });
  // The form begins at its first field.
  await waitFor(() => expect(document.activeElement).toBe(dialog.getByRole('textbox', { name: 'Name' })));
  act(() => add.focus());
  await user.keyboard('{Enter}');
  await screen.findByRole('menuitem', { name: /^Tokens/, hidden: true });
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('menu', { hidden: true })).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(add));
  await user.keyboard('{Enter}');
  await screen.findByRole('menuitem', { name: /^Tokens/, hidden: true });
  const focusedName = () => document.activeElement?.textContent ?? '';
  for (const name of ['Tokens', 'Malware', 'Vulnerabilities', 'Licenses', 'Age']) {
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(focusedName()).toMatch(new RegExp(`^${name}`)));
  }
  await user.keyboard('{Enter}');
  const days = within(dialog.getByRole('group', { name: '1. Age' })).getByRole('textbox');
  await waitFor(() => expect(document.activeElement).toBe(days));
  await user.keyboard('{Control>}a{/Control}30{Enter}');
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(host.inputsOf('policies.save').at(-1)).toMatchObject({
    rules: [{ type: 'age', minDays: 30, unknown: 'deny' }],
  });
});

it('suggests licenses to whoever types one', async () => {
  const { user, dialog } = open({
    ...start,
    rules: [{ type: 'licenses', list: 'deny', ids: ['MIT'], unknown: 'allow' }],
  });
  const card = within(dialog.getByRole('group', { name: '1. Licenses' }));
  const [field] = card.getAllByLabelText('Licenses', { selector: 'input' });
  await user.type(field as HTMLElement, 'gpl-3');
  expect(await screen.findByRole('option', { name: 'GPL-3.0-only', hidden: true })).toBeDefined();
});
