import { expect, it } from 'vitest';
import { parseLoggedFile } from '../../../shared/model/logged-file.ts';

it('reads a package, a version or a hash as somebody types it', () => {
  expect(parseLoggedFile(' conda:openssl ')).toEqual({ ecosystem: 'conda', name: 'openssl' });
  expect(parseLoggedFile('pypi:Django==4.2')).toEqual({ ecosystem: 'pypi', name: 'Django', version: '4.2' });
  expect(parseLoggedFile('AB'.repeat(32))).toEqual({ sha256: 'ab'.repeat(32) });
});

it('takes nothing else', () => {
  for (const text of [
    '',
    'requests',
    'npm:left-pad',
    'pypi:',
    'pypi:a==',
    'pypi:a b',
    'conda:a=1',
    'ab'.repeat(31),
  ])
    expect(parseLoggedFile(text)).toBeUndefined();
});
