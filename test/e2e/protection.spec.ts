import { expect as quickly, test } from '../support/latchkey-test.ts';
import { addSampleFeed } from '../support/stations/sample-feed.ts';

test.use({ demo: true, trace: 'off' });
/** One flow of many steps: none of them is about how fast it is. */
const expect = quickly.configure({ timeout: 60_000 });

/** One rule in two layers: the lower one has no effect. */
const yaml = `policies:
  - name: no-known-holes
    mode: enforce
    style: hide
    teams: all
    environments: all
    rules:
      - type: vulnerabilities
        unknown: deny
        exploitedOnly: false
        liftedBy: [mitigated, cleared]
        fixedOnly: false
        graceDays: 0
        noFacts: allow
  - name: prod-again
    mode: enforce
    style: hide
    teams: all
    environments: [prod]
    rules:
      - type: vulnerabilities
        atLeast: 7
        unknown: allow
        exploitedOnly: false
        liftedBy: [mitigated, cleared]
        fixedOnly: false
        graceDays: 0
        noFacts: allow
`;

test('advisories come by a feed, are denied by a policy from YAML, explained, assessed and released', async ({
  latchkey: { page },
}) => {
  test.setTimeout(900_000);
  page.setDefaultTimeout(60_000);
  const main = page.getByRole('navigation', { name: 'Main' });
  await expect(main).toBeVisible();
  await addSampleFeed(page);
  await expect(page.getByRole('region', { name: 'Known advisories' })).toContainText('1 of 3 have no score');

  // Policies as a text: the plan first, then what stands in it.
  await page.evaluate(() => (window.location.hash = '#/policies/text'));
  const text = page.getByRole('dialog', { name: 'Policies as YAML' });
  const field = text.getByRole('textbox', { name: 'YAML' });
  await expect(field).toHaveValue(/prod-tokens/);
  await field.fill((await field.inputValue()).replace('policies:\n', yaml));
  await text.getByRole('button', { name: 'Show plan' }).click();
  await expect(
    text.getByText('Added: packages are denied if they have any known vulnerability'),
  ).toBeVisible();
  await text.getByRole('button', { name: 'Apply 2 changes' }).click();
  await expect(text).toBeHidden();

  // What applies where: its address says which team and environment.
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'What applies where' }).click();
  const where = page.getByRole('dialog', { name: 'What applies where' });
  await expect(where.getByText('No effect: no-known-holes denies all of this already.')).toBeVisible();
  await where.getByRole('combobox', { name: 'Environment' }).selectOption('dev');
  await expect(where.getByText('No effect')).toHaveCount(0);
  await page.reload();
  await expect(where.getByRole('combobox', { name: 'Environment' })).toHaveValue(/./);
  await expect(where.locator('select').nth(1).locator('option:checked')).toHaveText('dev');
  await page.keyboard.press('Escape');

  // A package: denied with the reason, and the way to a version that is not.
  await page.evaluate(() => (window.location.hash = '#/packages'));
  await page.getByRole('searchbox', { name: 'Search packages' }).fill('latchkey-demo-hello');
  await page
    .getByRole('list', { name: 'Packages found' })
    .getByRole('link', { name: 'latchkey-demo-hello' })
    .click();
  const verdicts = page.getByRole('table', { name: 'Verdicts' });
  await expect(verdicts.getByText('Allowed').first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Version' }).selectOption('1.0.0');
  await expect(verdicts.getByText('Hidden').first()).toBeVisible();
  await verdicts.getByRole('link', { name: 'prod · web' }).click();
  const explained = page.getByRole('dialog', { name: 'latchkey-demo-hello 1.0.0' });
  await expect(
    explained.getByText(/CVE-2026-90001 \(9\.8\), fixed in 1\.1\.0 \(policy no-known-holes\) rule 1/),
  ).toBeVisible();
  await page.reload();
  await expect(explained).toBeVisible();
  await page.keyboard.press('Escape');
  await verdicts.getByRole('button', { name: 'Show version 1.1.0' }).first().click();
  await expect(verdicts.getByText('Hidden')).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Version' }).selectOption('1.0.0');

  // The queue: what was looked at leaves it, and the policy lets go what was cleared.
  await page.getByRole('link', { name: 'CVE-2026-90001' }).click();
  await page.getByRole('radiogroup', { name: 'Show' }).getByText('Open', { exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'advisory' })).toContainText('1 advisory');
  await page.getByRole('link', { name: 'CVE-2026-90001' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Assess' }).click();
  const assess = page.getByRole('dialog', { name: 'Assess advisory' });
  await assess.getByRole('radio', { name: 'Cleared' }).check();
  await assess.getByRole('textbox', { name: 'Reason' }).fill('Nothing of ours greets anybody');
  await page.keyboard.press('Enter');
  await expect(assess).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByText('No matching advisories')).toBeVisible();
  await page.evaluate(
    () => (window.location.hash = '#/packages?ecosystem=pypi&name=latchkey-demo-hello&version=1.0.0'),
  );
  await expect(verdicts.getByText('Allowed').first()).toBeVisible();
});
