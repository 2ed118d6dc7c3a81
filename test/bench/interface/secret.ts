/** Issues a token as a person does, and looks for its secret in the page's heap while it is shown and afterwards. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { foundIn, heapOf } from '../../support/page-heap.ts';
import { processTree } from '../../support/process-memory.ts';

export type SecretInHeap = { readonly shown: number; readonly closed: number; readonly heapMiB: number };

export async function secretInHeap(page: Page): Promise<SecretInHeap> {
  const token = await issueOne(page);
  const shown = foundIn(await heapOf(page), token).length;
  const issued = page.getByRole('dialog', { name: 'Token issued' });
  await issued.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Close anyway' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const closed = foundIn(await heapOf(page), token).length;
  const heapMiB = await page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize / 2 ** 20,
  );
  return { shown, closed, heapMiB };
}

/** @returns the whole token */
export async function issueOne(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Issue token' }).click();
  const issue = page.getByRole('dialog', { name: 'Issue token' });
  await issue.getByRole('combobox', { name: 'Holder' }).fill(`bench-${Date.now()}`);
  await issue.getByRole('combobox', { name: 'Channels' }).click();
  await page.locator('[role=option]:visible').first().click();
  await page.keyboard.press('Tab');
  await issue.getByRole('button', { name: 'Issue token' }).click();
  const issued = page.getByRole('dialog', { name: 'Token issued' });
  await expect(issued.getByRole('tab').first()).toBeVisible();
  return (await issued.getByTestId('token-secret').textContent())?.trim() ?? '';
}

/** MiB that the page's process has for itself and its part of what is shared. */
export function rendererMiB(): number {
  const sizes = processTree(process.pid).map((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) return 0;
      return (
        Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024
      );
    } catch {
      return 0;
    }
  });
  return Math.max(...sizes);
}
