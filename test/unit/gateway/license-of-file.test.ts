/** What core metadata and source distributions say about a licence. */
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { licenseOfMetadata } from '../../../src-main/gateway/pypi/licenses/metadata-license.ts';
import { pkgInfoOf } from '../../../src-main/gateway/pypi/licenses/sdist-info.ts';
import { licenseOfParts } from '../../../src-main/gateway/pypi/licenses/sparse-wheel.ts';
import { sdist, wheel } from './pypi-scene.ts';

const bsd = 'Classifier: License :: OSI Approved :: BSD License';
const gpl = 'Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)';

describe('the licence in core metadata', () => {
  it.each<[string, string[], string]>([
    ['nothing', ['Name: tool'], ''],
    ['an expression', ['License-Expression: MIT OR Apache-2.0', 'License: other', gpl], 'MIT OR Apache-2.0'],
    ['a name', ['License: MIT License'], 'MIT License'],
    ['unknown', ['License: UNKNOWN'], ''],
    [
      'the text of a licence',
      ['License: MIT License', '        ', '        Copyright', bsd],
      '(MIT) AND ((BSD-2-Clause AND BSD-3-Clause))',
    ],
    ['one classifier', ['License: see LICENSE', gpl], gpl.slice('Classifier: '.length)],
    ['a classifier that is less exact', ['License: BSD-3-Clause', bsd], 'BSD-3-Clause'],
    ['two classifiers', [gpl, bsd], '(GPL-3.0-only) AND ((BSD-2-Clause AND BSD-3-Clause))'],
    ['a classifier that contradicts', ['License: MIT', gpl], '(MIT) AND (GPL-3.0-only)'],
    [
      'a classifier that nobody knows',
      ['License: MIT', 'Classifier: License :: Free For Home Use'],
      '(MIT) AND License :: Free For Home Use',
    ],
    ['an empty classifier', ['Classifier: License :: OSI Approved'], ''],
    ['what stands in the description', ['', 'License: MIT'], ''],
    ['control characters', ['License: MI\u001b[31mT'], 'MI [31mT'],
  ])('is read from %s', (_what, lines, license) => {
    expect(licenseOfMetadata(Buffer.from(['Metadata-Version: 2.4', ...lines].join('\n')))).toBe(license);
    expect(licenseOfMetadata(Buffer.from(['Metadata-Version: 2.4', ...lines].join('\r\n')))).toBe(license);
  });
});

describe('PKG-INFO of a source distribution', () => {
  const found = async (bytes: Uint8Array): Promise<string | undefined> => {
    // In pieces, as it comes in.
    const pieces = Array.from({ length: Math.ceil(bytes.length / 100) }, (_, at) =>
      Buffer.from(bytes.subarray(at * 100, at * 100 + 100)),
    );
    const info = await pkgInfoOf(Readable.from(pieces));
    return info === undefined ? undefined : Buffer.from(info).toString();
  };

  it('is that of the archive’s own folder', async () => {
    const files = {
      'tool-1.0/a.py': 'x'.repeat(2000),
      'tool-1.0/x/PKG-INFO': 'no',
      'tool-1.0/PKG-INFO': 'yes',
    };
    expect(await found(sdist(files))).toBe('yes');
    expect(await found(sdist({ './tool-1.0/PKG-INFO': 'yes' }))).toBe('yes');
  });

  it.each<[string, Uint8Array]>([
    ['has none', sdist({ 'tool-1.0/setup.py': '' })],
    ['is no archive', Buffer.from('a page for people')],
    ['breaks off', sdist({ 'tool-1.0/PKG-INFO': 'x'.repeat(5000) }).subarray(0, 60)],
    ['unpacks without end', gzipSync(Buffer.alloc(80 * 1024 * 1024))],
    ['is made of zeros', gzipSync(Buffer.alloc(1024))],
    ['says no size', gzipSync(Buffer.concat([Buffer.from('tool-1.0/PKG-INFO'), Buffer.alloc(1000, 'z')]))],
  ])('is not found where the file %s', async (_what, bytes) => {
    expect(await found(bytes)).toBeUndefined();
  });

  it('of a connection that breaks is an error, not an answer', async () => {
    const body = new Readable({ read: () => undefined });
    const looking = pkgInfoOf(body);
    body.destroy(new Error('reset'));
    await expect(looking).rejects.toThrow('reset');
  });
});

describe('the licence of a wheel in parts', () => {
  it('is none where it is no wheel of the project, or no zip at all', () => {
    const bytes = wheel('tool', '1.0', { license: 'MIT' });
    const whole = [{ at: 0, bytes }];
    expect(licenseOfParts(bytes.length, whole, 'tool')).toEqual({ type: 'license', text: 'MIT' });
    expect(licenseOfParts(bytes.length, whole, 'other')).toEqual({ type: 'license', text: '' });
    expect(licenseOfParts(10, [{ at: 0, bytes: new Uint8Array(10) }], 'tool')).toEqual({
      type: 'license',
      text: '',
    });
  });

  it('asks for what is missing, part by part', () => {
    const bytes = wheel('tool', '1.0', { license: 'MIT' });
    const parts = [{ at: bytes.length - 30, bytes: bytes.subarray(-30) }];
    expect(licenseOfParts(bytes.length, parts, 'tool')).toEqual({
      type: 'needs',
      at: 0,
      length: bytes.length,
    });
  });
});
