import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { renewedPage, uniqueNames } from '../../support/format-doc.ts';
import { events } from '../../../src-main/organization/events.ts';

const path = fileURLToPath(new URL('../../../docs/vault-format.md', import.meta.url));

it('docs/vault-format.md says what the stored schemas say; if not: npm run docs', async () => {
  const page = readFileSync(path, 'utf8');
  expect(page).toBe(await renewedPage(page, path));
});

it('every thing that is created under a name has its row among the unique names', () => {
  const created = Object.entries(events).flatMap(([type, { schema }]) => {
    const [what, verb] = type.split('.');
    return verb === 'created' && what !== 'organization' && what !== undefined && what in schema.shape
      ? [what]
      : [];
  });
  expect(created.toSorted()).toEqual(uniqueNames.map(([what]) => what).toSorted());
});
