import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Gallery } from '../../src-renderer/gallery/gallery.tsx';
import { show } from '../support/render.tsx';

const folder = (name: string) => join(import.meta.dirname, '..', '..', 'src-renderer', name);
const components = (name: string) =>
  readdirSync(folder(name), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'));

/** Made by the table alone, and shown with it. */
const ofTheTable = ['table/data-head.tsx', 'table/data-row.tsx'];

beforeEach(() => {
  // One of its parts shows what a bug looks like, and React tells the console.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

it('shows every part there is', () => {
  const text = components('gallery')
    .map((file) => readFileSync(join(folder('gallery'), file), 'utf8'))
    .join('\n');
  const missing = components('ui').filter(
    (file) => !ofTheTable.includes(file) && !text.includes(`'../ui/${file}'`),
  );
  expect(missing).toEqual([]);
});

it('is made of parts that need no host', () => {
  show(<Gallery />);
  expect(screen.getByRole('region', { name: 'Overlays' })).toBeDefined();
  expect(screen.getAllByRole('heading', { level: 3 }).length).toBeGreaterThan(20);
});
