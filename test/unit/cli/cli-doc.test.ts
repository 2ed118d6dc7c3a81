import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cliPage } from '../../support/cli-doc.ts';

const path = join(import.meta.dirname, '..', '..', '..', 'docs', 'cli.md');

it('docs/cli.md is what the commands are: run `npm run docs` after changing one', async () => {
  const page = await cliPage(path);
  expect(readFileSync(path, 'utf8')).toBe(page);
  for (const command of ['latchkey token issue', 'latchkey import', 'latchkey unlock', 'latchkey completion'])
    expect(page).toContain(`## ${command}\n`);
  expect(page).not.toContain('agent-process');
});
