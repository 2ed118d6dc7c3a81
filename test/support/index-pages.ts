/** Index pages as large as real ones, and as nasty as somebody could make them; made the same each time. */
import { createHash } from 'node:crypto';

const hex = (text: string, algorithm = 'sha256') => createHash(algorithm).update(text).digest('hex');

/** A file's entry as PyPI writes it. */
export function fileEntry(project: string, index: number): Record<string, unknown> {
  const distribution = project.replaceAll('-', '_');
  const filename = `${distribution}-2.${Math.floor(index / 100)}.${index % 100}-cp3${8 + (index % 7)}-cp3${8 + (index % 7)}-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`;
  const place = hex(`${filename} place`);
  const metadata = { sha256: hex(`${filename} metadata`) };
  return {
    'core-metadata': metadata,
    'data-dist-info-metadata': metadata,
    filename,
    hashes: { sha256: hex(filename) },
    provenance: null,
    'requires-python': '>=3.8',
    size: 2_000_000 + index,
    'upload-time': '2024-05-06T07:08:09.123456Z',
    url: `https://files.example/packages/${place.slice(0, 2)}/${place.slice(2, 4)}/${place.slice(4)}/${filename}`,
    yanked: false,
  };
}

/** A project's page in JSON, with the members in PyPI's order. */
export function jsonPageText(project: string, files: number): string {
  const entries = Array.from({ length: files }, (_, index) => fileEntry(project, index));
  return JSON.stringify({
    files: entries,
    meta: { _last_serial: 1, 'api-version': '1.4' },
    name: project,
    'project-status': { status: 'active' },
    versions: [...new Set(entries.map((_, index) => `2.${Math.floor(index / 100)}.${index % 100}`))],
  });
}

/** The same in HTML. */
export function htmlPageText(project: string, files: number): string {
  const anchors = Array.from({ length: files }, (_, index) => {
    const { filename, url, hashes } = fileEntry(project, index) as {
      filename: string;
      url: string;
      hashes: { sha256: string };
    };
    return `<a href="${url}#sha256=${hashes.sha256}" data-requires-python="&gt;=3.8">${filename}</a><br />`;
  });
  return `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.4"><title>Links for ${project}</title></head><body>${anchors.join('\n')}</body></html>`;
}

/** A list of projects, in JSON. */
export function jsonListText(projects: number): string {
  return JSON.stringify({
    meta: { 'api-version': '1.4' },
    projects: Array.from({ length: projects }, (_, index) => ({
      name: `Some.Project_${index}`,
      _last_serial: index,
    })),
  });
}

/** The same in HTML. */
export function htmlListText(projects: number): string {
  const anchors = Array.from(
    { length: projects },
    (_, index) => `<a href="/simple/some-project-${index}/">Some.Project_${index}</a>`,
  );
  return `<!DOCTYPE html><html><head><title>Simple index</title></head><body>${anchors.join('\n')}</body></html>`;
}

/** Names that were tried at every hyphen. */
export function hyphenPageText(project: string, files: number): string {
  const anchors = Array.from({ length: files }, (_, index) => {
    const name = `${project}-${'1-'.repeat(110)}${index}`.slice(0, 240);
    return `<a href="${name}.tar.gz">x</a>`;
  });
  return `<!DOCTYPE html><html><head><title>Links for ${project}</title></head><body><a href="${project}-1.0.tar.gz">x</a>${anchors.join('\n')}</body></html>`;
}

/** A conda index with so many records. */
export function repodataText(records: number): string {
  const entries = Array.from({ length: records }, (_, index) => {
    const name = `package-${index % 5000}`;
    const version = `1.${Math.floor(index / 5000)}.0`;
    return [
      `${name}-${version}-py310h${hex(`${index}`).slice(0, 7)}_0.conda`,
      {
        build: `py310h${hex(`${index}`).slice(0, 7)}_0`,
        build_number: 0,
        depends: [
          'libgcc-ng >=12',
          'python >=3.10,<3.11.0a0',
          'python_abi 3.10.* *_cp310',
          'numpy >=1.22.4,<2.0a0',
        ],
        license: 'BSD-3-Clause',
        md5: hex(`${index}`, 'md5'),
        name,
        sha256: hex(`${index} sha`),
        size: 100_000 + index,
        subdir: 'linux-64',
        timestamp: 1_700_000_000_000 + index,
        version,
      },
    ];
  });
  return JSON.stringify({
    info: { subdir: 'linux-64' },
    packages: {},
    'packages.conda': Object.fromEntries(entries) as unknown,
    repodata_version: 1,
  });
}
