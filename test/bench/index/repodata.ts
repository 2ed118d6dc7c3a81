/**
 * An index of conda as large as conda-forge's largest, made the same each time: 500,000 records, 260 MB, `packages`,
 * `packages.conda` and `v3`. One in fifty of the old `packages` has no `indexed_timestamp`: the gateway puts it in when it reads an
 * index, but for some.
 */
import { createHash } from 'node:crypto';

export const benchSubdir = 'linux-64';
/** When the policies of the bench judge. */
export const benchNowMs = 1_790_000_000_000;
const hourMs = 3_600_000;

const licenses = [
  'BSD-3-Clause',
  'MIT',
  'Apache-2.0',
  'GPL-3.0-only',
  'BSD',
  'LGPL-2.1-or-later',
  'MIT OR Apache-2.0',
  'AGPL-3.0-only',
  'PSF-2.0',
  'LicenseRef-Proprietary',
  'GPL-2.0-or-later AND MIT',
  'ISC',
] as const;

/** Records of one name stand together, as they do in a real index. */
export function* repodataPieces(records: number): Generator<string> {
  const parts = [
    { open: `{"info":{"subdir":"${benchSubdir}"},"packages":{`, share: 0.2, suffix: '.tar.bz2' },
    { open: '},"packages.conda":{', share: 0.7, suffix: '.conda' },
    { open: '},"v3":{"conda":{', share: 0.1, suffix: '' },
  ];
  let number = 0;
  for (const { open, share, suffix } of parts) {
    yield open;
    const count = Math.round(records * share);
    let piece = '';
    for (let index = 0; index < count; index += 1) {
      piece += `${index === 0 ? '' : ','}\n    ${entry(number, index, suffix)}`;
      number += 1;
      if (piece.length > 1024 * 1024) {
        yield piece;
        piece = '';
      }
    }
    yield piece;
  }
  yield '}},"removed":["gone-1.0-0.conda"],"repodata_version":1}\n';
}

export const repodataBytes = (records: number): Buffer =>
  Buffer.concat([...repodataPieces(records)].map((piece) => Buffer.from(piece)));

/** Some 20 files of a name, of three versions. */
function entry(number: number, index: number, suffix: string): string {
  const nameNumber = Math.floor(number / 20);
  const name = `package-${(nameNumber * 7919) % 100_003}-of-the-bench`;
  const version = `1.${nameNumber % 40}.${Math.floor((number % 20) / 7)}`;
  const hash = createHash('md5').update(`${number}`).digest('hex');
  const build = `py3${number % 5}h${hash.slice(0, 7)}_0`;
  const builtAtMs = benchNowMs - (number % 3000) * 10 * hourMs;
  const isOld = suffix === '.tar.bz2' && index % 50 === 0;
  const record = {
    build,
    build_number: 0,
    depends: ['__glibc >=2.17,<3.0.a0', 'libgcc >=13', 'numpy >=1.22.4,<2.0a0', 'python >=3.10,<3.11.0a0'],
    ...(isOld ? {} : { indexed_timestamp: builtAtMs + hourMs }),
    license: licenses[nameNumber % licenses.length],
    license_family: 'OTHER',
    md5: hash,
    name,
    sha256: hash + hash,
    size: 100_000 + number,
    subdir: benchSubdir,
    timestamp: builtAtMs,
    version,
  };
  return `"${name}-${version}-${build}${suffix}": ${JSON.stringify(record)}`;
}
