/** The channels of the bench: a small conda index, a PyPI project of five wheels, and one large package. */
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';

export const packageBytes = 200 * 1024 * 1024;

/** @returns the folders of both channels */
export function makeData(dir: string): { conda: string; pypi: string } {
  const conda = join(dir, 'conda');
  mkdirSync(join(conda, 'noarch'), { recursive: true });
  const records = Object.fromEntries(
    Array.from({ length: 5 }, (_, index) => [
      `acme-${index}-1.0-0.conda`,
      {
        name: `acme-${index}`,
        version: '1.0',
        build: '0',
        build_number: 0,
        depends: ['python >=3.12'],
        sha256: 'ab'.repeat(32),
        size: 1234,
        subdir: 'noarch',
        noarch: 'python',
        license: 'MIT',
      },
    ]),
  );
  const index = { info: { subdir: 'noarch' }, packages: {}, 'packages.conda': records, repodata_version: 1 };
  writeFileSync(join(conda, 'noarch', 'repodata.json'), JSON.stringify(index));
  const chunk = randomBytes(1024 * 1024);
  const file = openSync(join(conda, 'noarch', 'big-1.0-0.conda'), 'w');
  for (let written = 0; written < packageBytes; written += chunk.length) writeSync(file, chunk);
  closeSync(file);
  writeFileSync(join(conda, 'noarch', 'small-1.0-0.conda'), randomBytes(1024));

  const pypi = join(dir, 'pypi');
  mkdirSync(pypi);
  for (let minor = 0; minor < 5; minor += 1) writeWheel(pypi, `1.${minor}.0`);
  return { conda, pypi };
}

function writeWheel(folder: string, version: string): void {
  const info = `acme_many-${version}.dist-info`;
  const text = (content: string) => new TextEncoder().encode(content);
  const files = {
    [`${info}/METADATA`]: text(
      `Metadata-Version: 2.1\nName: acme-many\nVersion: ${version}\nRequires-Python: >=3.9\n`,
    ),
    [`${info}/WHEEL`]: text(
      'Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ),
    [`${info}/RECORD`]: text(''),
  };
  writeFileSync(join(folder, `acme_many-${version}-py3-none-any.whl`), zipSync(files));
}
