import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { createTar } from 'nanotar';
import { replaceFileSync } from '../disk/write-file.ts';
import { makeFolderSync } from '../disk/make-folder.ts';

/** Small real packages for the demo: pip, uv and rattler install them, and the installed command runs. */
const wheels = [
  { name: 'latchkey-demo-hello', version: '1.0.0', says: 'Hello from latchkey-demo-hello 1.0.0' },
  { name: 'latchkey-demo-hello', version: '1.1.0', says: 'Hello from latchkey-demo-hello 1.1.0' },
  {
    name: 'latchkey-demo-metrics',
    version: '0.4.2',
    says: 'latchkey-demo-metrics 0.4.2 counts what matters',
  },
] as const;
const condaPackages = [
  { name: 'acme-tool', version: '2.0.0', says: 'acme-tool 2.0.0 at your service' },
  { name: 'acme-tool', version: '2.1.0', says: 'acme-tool 2.1.0 at your service' },
  { name: 'acme-data', version: '0.9.1', says: 'acme-data 0.9.1: forty-two rows' },
] as const;
type Package = { readonly name: string; readonly version: string; readonly says: string };

/** Packages are no secret. */
const asPackage = { mode: 0o644 } as const;
/** A fixed date makes the same bytes, so the same hashes, every time. */
const builtAtMs = Date.UTC(2026, 0, 15);
const text = (content: string) => new TextEncoder().encode(content);
const sha256 = (bytes: Uint8Array, encoding: 'hex' | 'base64url' = 'hex') =>
  createHash('sha256').update(bytes).digest(encoding);

/** Writes the folder of a Python index: wheels (PEP 427) side by side. */
export function writeDemoPypi(dir: string): void {
  makeFolderSync(dir);
  for (const entry of wheels) {
    const { fileName, bytes } = makeWheel(entry);
    replaceFileSync(join(dir, fileName), bytes, asPackage);
  }
}

/** Writes the folder of a conda channel: `noarch/` with `.conda` packages and their repodata. */
export function writeDemoConda(dir: string): void {
  const subdir = join(dir, 'noarch');
  makeFolderSync(subdir);
  const records: Record<string, unknown> = {};
  for (const entry of condaPackages) {
    const { fileName, bytes, index } = makeCondaPackage(entry);
    replaceFileSync(join(subdir, fileName), bytes, asPackage);
    records[fileName] = {
      ...index,
      md5: createHash('md5').update(bytes).digest('hex'),
      sha256: sha256(bytes),
      size: bytes.length,
    };
  }
  const repodata = {
    info: { subdir: 'noarch' },
    packages: {},
    'packages.conda': records,
    removed: [],
    repodata_version: 1,
  };
  replaceFileSync(join(subdir, 'repodata.json'), JSON.stringify(repodata), asPackage);
}

function makeWheel({ name, version, says }: Package): { fileName: string; bytes: Uint8Array } {
  const module = name.replaceAll('-', '_');
  const distInfo = `${module}-${version}.dist-info`;
  const files: Record<string, Uint8Array> = {
    [`${module}/__init__.py`]: text(`def main():\n    print(${JSON.stringify(says)})\n`),
    [`${distInfo}/METADATA`]: text(
      `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\nSummary: A sample package of the Latchkey demo\n` +
        'License-Expression: Apache-2.0\nRequires-Python: >=3.8\n',
    ),
    [`${distInfo}/WHEEL`]: text(
      'Wheel-Version: 1.0\nGenerator: latchkey-demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ),
    [`${distInfo}/entry_points.txt`]: text(`[console_scripts]\n${name} = ${module}:main\n`),
  };
  const record = Object.entries(files)
    .map(([path, bytes]) => `${path},sha256=${sha256(bytes, 'base64url')},${bytes.length}`)
    .concat(`${distInfo}/RECORD,,`, '')
    .join('\n');
  return {
    fileName: `${module}-${version}-py3-none-any.whl`,
    bytes: zipSync({ ...files, [`${distInfo}/RECORD`]: text(record) }, { mtime: builtAtMs }),
  };
}

function makeCondaPackage({ name, version, says }: Package) {
  const base = `${name}-${version}-0`;
  const index = {
    name,
    version,
    build: '0',
    build_number: 0,
    depends: [],
    license: 'Apache-2.0',
    noarch: 'generic',
    subdir: 'noarch',
    timestamp: builtAtMs,
  };
  const script = text(`#!/bin/sh\necho ${JSON.stringify(says)}\n`);
  const scriptPath = `bin/${name}`;
  const paths = {
    paths_version: 1,
    paths: [
      { _path: scriptPath, path_type: 'hardlink', sha256: sha256(script), size_in_bytes: script.length },
    ],
  };
  const info = createTar([
    { name: 'info/index.json', data: text(JSON.stringify(index)) },
    { name: 'info/paths.json', data: text(JSON.stringify(paths)) },
    { name: 'info/files', data: text(`${scriptPath}\n`) },
    {
      name: 'info/about.json',
      data: text(JSON.stringify({ summary: 'A sample package of the Latchkey demo' })),
    },
  ]);
  const payload = createTar([{ name: scriptPath, data: script, attrs: { mode: '755' } }]);
  // A .conda file is an uncompressed zip of a marker and two zstd tarballs.
  const bytes = zipSync(
    {
      'metadata.json': text('{"conda_pkg_format_version": 2}'),
      [`pkg-${base}.tar.zst`]: storedZstd(payload),
      [`info-${base}.tar.zst`]: storedZstd(info),
    },
    { level: 0, mtime: builtAtMs },
  );
  return { fileName: `${base}.conda`, bytes, index };
}

/**
 * A Zstandard frame (RFC 8878, 3.1.1) of one raw block: these few bytes need no compression, and so the demo needs no
 * runtime that has zstd built in.
 */
function storedZstd(bytes: Uint8Array): Uint8Array {
  const maxBlockBytes = 128 * 1024;
  if (bytes.length > maxBlockBytes) throw new Error('a demo package is larger than one block');
  const frame = new Uint8Array(12 + bytes.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, 0xfd2fb528, true);
  // Single segment, content size in four bytes.
  view.setUint8(4, 0b1010_0000);
  view.setUint32(5, bytes.length, true);
  // Block header: last, raw, size.
  const header = 1 | (bytes.length << 3);
  frame.set([header & 0xff, (header >> 8) & 0xff, (header >> 16) & 0xff], 9);
  frame.set(bytes, 12);
  return frame;
}
