import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { PythonReading } from './format-reader.ts';
import { readByPython } from './format-reader.ts';
import { tempDir } from './temp-dir.ts';
import { readByApp, vectorDir } from './vector-forge.ts';

/** What app and independent reader say of lines of the vector's vault; `withHead` puts the vector's head beside them. */
export async function readByBoth(lines: readonly string[], { withHead = false } = {}) {
  const dir = tempDir();
  for (const name of withHead ? ['vault.json', 'vault.head'] : ['vault.json'])
    copyFileSync(join(vectorDir, name), join(dir, name));
  writeFileSync(join(dir, 'vault.log'), lines.map((line) => `${line}\n`).join(''), 'latin1');
  const { said } = await readByApp(lines);
  const python = await readByPython(dir, '--keychain', '2a'.repeat(32));
  await expectAgreement(dir, python);
  return { app: said, python };
}

/** Whoever reads without keys sees the same signers, and stops at the same line; only the anchor of line 1 is missing. */
async function expectAgreement(dir: string, python: PythonReading): Promise<void> {
  if (python.line === 1) return;
  const { error, line, lines, format, operators } = python;
  const keyless = await readByPython(dir, '--keyless');
  expect(keyless).toMatchObject(
    error === undefined ? { lines, format, operators } : { error, ...(line === undefined ? {} : { line }) },
  );
}
