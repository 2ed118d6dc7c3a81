/**
 * A channel whose upstream is a folder of wheels and sdists. Looks at the folder at most once a second; reads a file
 * only when its project's page is asked for, and only once for each size and time. Between two looks everything comes
 * from memory.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { UpstreamError } from '../types.ts';
import { isStillInside, orGone, scanFolder } from './folder-scan.ts';
import type { FolderFile } from './folder-scan.ts';
import { makeProjectPage } from './model.ts';
import type { ProjectFile, ProjectList, ProjectPage } from './model.ts';
import { fileContentType } from './source.ts';
import type { PypiSource } from './source.ts';
import { readWheelMetadata, requiresPythonOf } from './wheel-metadata.ts';

/** A new wheel shows up within this time. */
const freshMs = 1000;
/** A scan that takes long is not started again at once: it gets at most this share of the time. */
const scanShare = 0.2;
const readChunkBytes = 256 * 1024;

type Project = {
  readonly name: string;
  readonly files: readonly FolderFile[];
  /** Same text, same page. */
  readonly stamp: string;
  page?: Promise<ProjectPage>;
};

export function createFolderSource(folder: string, now: () => number): PypiSource {
  let projects: ReadonlyMap<string, Project> = new Map();
  let list: ProjectList = { names: [] };
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let keepsMs = 0;
  let looking: Promise<void> | undefined;
  /** By `keyOf`. */
  const read = new Map<string, { readonly stamp: string; readonly entry: ProjectFile }>();

  function isFresh(): boolean {
    const ageMs = now() - lookedAtMs;
    // A clock that was set back makes an age negative: not fresh.
    return ageMs >= 0 && ageMs < keepsMs;
  }

  async function look(): Promise<void> {
    const startedAtMs = now();
    const byProject = new Map<string, FolderFile[]>();
    const keys = new Set<string>();
    for (const file of await scanFolder(folder)) {
      keys.add(keyOf(file));
      const files = byProject.get(file.project);
      if (files === undefined) byProject.set(file.project, [file]);
      else files.push(file);
    }
    const next = new Map<string, Project>();
    for (const name of [...byProject.keys()].sort()) {
      const files = byProject.get(name) ?? [];
      const stamp = files.map((file) => `${file.filename}\n${file.path}\n${file.stamp}`).join('\n');
      const known = projects.get(name);
      next.set(name, known?.stamp === stamp ? known : { name, files, stamp });
    }
    for (const key of read.keys()) if (!keys.has(key)) read.delete(key);
    projects = next;
    const names = [...next.keys()];
    if (names.join('/') !== list.names.join('/')) list = { names };
    // Counted from the start: what was written during the scan may have been missed.
    lookedAtMs = startedAtMs;
    keepsMs = Math.max(freshMs, (now() - startedAtMs) / scanShare);
  }

  async function refresh(): Promise<void> {
    looking ??= look().finally(() => (looking = undefined));
    await looking;
  }

  async function describe(file: FolderFile): Promise<ProjectFile | undefined> {
    const known = read.get(keyOf(file));
    if (known?.stamp === file.stamp) return known.entry;
    const entry = await readFacts(file);
    if (entry !== undefined) read.set(keyOf(file), { stamp: file.stamp, entry });
    return entry;
  }

  async function build(project: Project): Promise<ProjectPage> {
    const files: ProjectFile[] = [];
    for (const file of project.files) {
      const entry = await describe(file);
      if (entry !== undefined) files.push(entry);
    }
    return makeProjectPage(project.name, files);
  }

  const source: PypiSource = {
    async list() {
      if (!isFresh()) await refresh();
      return list;
    },
    async page(name) {
      if (!isFresh()) await refresh();
      const project = projects.get(name);
      if (project === undefined) return undefined;
      project.page ??= build(project).catch((error: unknown) => {
        delete project.page;
        throw new UpstreamError(502, "A file of the channel's folder cannot be read", { cause: error });
      });
      return await project.page;
    },
    async find(name, filename, request) {
      return (await source.page(name, request))?.byFilename.get(filename);
    },
    async send(file, part) {
      if (!(await isStillInside(folder, file.location))) return undefined;
      const headers = { 'content-type': fileContentType(file.filename, part) };
      if (part === 'metadata') {
        const bytes = await withFile(file.location, async (handle) => readMetadata(handle, file));
        return bytes === undefined ? undefined : { status: 200, headers, body: { type: 'bytes', bytes } };
      }
      const facts = await orGone(stat(file.location));
      if (facts === undefined || !facts.isFile()) return undefined;
      const { size, mtimeMs } = facts;
      if (size !== file.sizeBytes || new Date(mtimeMs).toISOString() !== file.uploadTime) {
        // Not what the page promised the hash of; the next look will see it.
        const reason = 'The file is being replaced, try again';
        return { status: 503, reason, headers: { 'retry-after': '1' }, body: { type: 'none' } };
      }
      return { status: 200, headers, body: { type: 'file', path: file.location, size, mtimeMs } };
    },
    close: () => read.clear(),
  };
  return source;
}

/** Both names: a link inside the folder gives one file a second name, and so another project or version. */
function keyOf(file: FolderFile): string {
  return `${file.filename}/${file.path}`;
}

/** The file's entry; undefined if it went away, or changed while it was read (the next look finds it again). */
async function readFacts(file: FolderFile): Promise<ProjectFile | undefined> {
  return await withFile(file.path, async (handle) => {
    const sha256 = await hashFile(handle);
    const metadata =
      file.kind === 'wheel' ? await readWheelMetadata(handle, file.sizeBytes, file.project) : undefined;
    const { size, mtimeMs } = await handle.stat();
    if (size !== file.sizeBytes || mtimeMs !== file.mtimeMs) return undefined;
    return {
      filename: file.filename,
      version: file.version,
      location: file.path,
      hashes: { sha256 },
      requiresPython: metadata === undefined ? undefined : requiresPythonOf(metadata),
      coreMetadata: metadata === undefined ? false : { sha256: hash(metadata) },
      sizeBytes: file.sizeBytes,
      uploadTime: new Date(file.mtimeMs).toISOString(),
      yanked: false,
    };
  });
}

/** The metadata that the page promised: of a file that has changed since, none. */
async function readMetadata(handle: FileHandle, file: ProjectFile): Promise<Uint8Array | undefined> {
  const { size } = await handle.stat();
  const project =
    file.filename
      .split('-', 1)[0]
      ?.replace(/[-_.]+/g, '-')
      .toLowerCase() ?? '';
  const bytes = await readWheelMetadata(handle, size, project);
  const promised = typeof file.coreMetadata === 'boolean' ? undefined : file.coreMetadata.sha256;
  return bytes !== undefined && hash(bytes) === promised ? bytes : undefined;
}

async function withFile<T>(path: string, read: (handle: FileHandle) => Promise<T>): Promise<T | undefined> {
  const handle = await orGone(open(path, 'r'));
  if (handle === undefined) return undefined;
  try {
    return await read(handle);
  } finally {
    await handle.close();
  }
}

async function hashFile(handle: FileHandle): Promise<string> {
  const digest = createHash('sha256');
  const buffer = Buffer.allocUnsafe(readChunkBytes);
  for (let position = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return digest.digest('hex');
    digest.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
