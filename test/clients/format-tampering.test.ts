/** Logs that were tampered with stop app and independent reader at the same line. */
import { describe, expect, it } from 'vitest';
import { headerText } from '../../src-main/vault/sign.ts';
import { rawLine, signedText } from '../support/raw-line.ts';
import { readByBoth } from '../support/read-by-both.ts';
import { cleanTempDirs } from '../support/temp-dir.ts';
import { VectorForge, vectorLines } from '../support/vector-forge.ts';
import { keys, people } from '../vectors/vault-v1-lines.ts';

cleanTempDirs();
const { ada, mallory } = people;
const renamed = { type: 'organization.renamed', name: 'Again' };

/** One bit of a base64url text, so that it stays one. */
const flipped = (line: string, at: number): string => {
  const other = line[at] === 'A' ? 'B' : 'A';
  return line.slice(0, at) + other + line.slice(at + 1);
};
const swapped = (lines: readonly string[], a: number, b: number): readonly string[] =>
  lines.map((line, index) => (index === a ? lines[b] : index === b ? lines[a] : line) ?? '');
const at = (index: number): string => vectorLines[index] ?? '';
const withLine = (index: number, line: string): readonly string[] => vectorLines.with(index, line);
const whole = {
  vault: '',
  seq: vectorLines.length,
  prev: null,
  atMs: 0,
  orgKey: keys.org,
  events: [renamed],
};

describe('a log that was tampered with', () => {
  it.each<readonly [string, number, readonly string[]]>([
    ['a signature', 31, withLine(30, flipped(at(30), at(30).length - 20))],
    ['a payload', 6, withLine(5, flipped(at(5), 200))],
    ['a header', 6, withLine(5, flipped(at(5), 30))],
    ['the first line', 1, withLine(0, flipped(at(0), 300))],
    [
      'a second spelling of the last character',
      4,
      withLine(
        3,
        `${at(3).slice(0, -1)}${at(3).endsWith('A') ? 'B' : `${String.fromCharCode(at(3).charCodeAt(at(3).length - 1) + 1)}`}`,
      ),
    ],
    ['padding', 4, withLine(3, `${at(3)}==`)],
    ['a line that is gone', 11, vectorLines.toSpliced(10, 1)],
    ['lines that changed places', 5, swapped(vectorLines, 4, 5)],
    ['a line that stands there twice', 13, vectorLines.toSpliced(12, 0, at(11))],
    ['an empty line', 3, vectorLines.toSpliced(2, 0, '')],
    [
      'a line of another vault',
      vectorLines.length + 1,
      [...vectorLines, rawLine(ada, { ...whole, vault: 'B'.repeat(22) }, (count) => new Uint8Array(count))],
    ],
    [
      'a stranger',
      vectorLines.length + 1,
      [...vectorLines, new VectorForge().append({ ...mallory, kid: 'nobody.1' }, { events: [renamed] })],
    ],
    [
      'the next key of a known signer',
      vectorLines.length + 1,
      [...vectorLines, new VectorForge().append({ ...ada, kid: `${ada.id}.2` }, { events: [renamed] })],
    ],
    [
      'a signature of another kind',
      vectorLines.length + 1,
      [...vectorLines, signedText(ada.signKey, headerText('lk-head', ada.kid), '{}')],
    ],
    [
      'a payload that is no object',
      vectorLines.length + 1,
      [...vectorLines, signedText(ada.signKey, headerText('lk-line', ada.kid), '[]')],
    ],
  ])('stops both readers at the same line: %s', async (_what, line, lines) => {
    const { app, python } = await readByBoth(lines);
    expect(app).toEqual({ error: 'VAULT_CORRUPT', line });
    expect(python).toMatchObject(app);
  });

  it('is told by the head when last lines were cut off, and when another line stands at its place', async () => {
    const { app, python } = await readByBoth(vectorLines.slice(0, -1), { withHead: true });
    expect(app).toMatchObject({ lines: vectorLines.length - 1 });
    expect(python).toEqual({ error: 'VAULT_ROLLED_BACK' });
  });

  it('is of a newer format from the line on that says so', async () => {
    const forge = new VectorForge();
    forge.append(ada, { clear: { format: { to: 2 } }, events: [{ type: 'format.raised', to: 2 }] });
    const { app, python } = await readByBoth([...forge.lines, 'whatever comes then']);
    expect(app).toEqual({ error: 'VAULT_NEEDS_NEWER_VERSION' });
    expect(python).toEqual(app);
  });
});
