import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RenderedExport } from '../../shared/contract/export-views.ts';
import type { IssuedToken } from '../../shared/contract/token-views.ts';
import type { ExportFormatId } from '../../shared/model/export-formats.ts';
import { runClient, toolsVenv } from '../support/python-clients.ts';
import type { Ran } from '../support/python-clients.ts';
import type { Scene } from './scene.ts';

/** A home folder as its owner has it after following an export: each file where the export says that it belongs. */
export type ExportHome = {
  readonly dir: string;
  readonly project: string;
  readonly rendered: RenderedExport;
  readonly secret: string;
};

/** @param before content that stands in a file of the project already, by name */
export async function followExport(
  scene: Scene,
  issued: IssuedToken,
  format: ExportFormatId,
  before: Readonly<Record<string, string>> = {},
): Promise<ExportHome> {
  const { secret, token } = issued;
  const rendered = await scene.temp.client.exports.render({ format, tokenId: token.id, secret });
  const dir = scene.freshDir();
  const project = join(dir, 'project');
  mkdirSync(project);
  for (const [at, file] of rendered.files.entries()) {
    const place = rendered.where[at]?.linux ?? '';
    const [path] = place.split(',');
    const target = path?.startsWith('~/') ? join(dir, path.slice(2)) : join(project, file.name);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `${before[file.name] ?? ''}${file.content}`, {
      mode: file.containsSecret ? 0o600 : 0o644,
    });
  }
  return { dir, project, rendered, secret };
}

/** A tool of the second environment, in the project folder and with nothing but the home folder to read. */
export function runTool(
  home: ExportHome,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input?: string,
): Promise<Ran> {
  return runClient(
    name,
    args,
    { HOME: home.dir, ...env },
    { venv: toolsVenv, cwd: home.project, ...(input === undefined ? {} : { input }) },
  );
}

/** The files below the home folder in which the secret stands, by their paths from there. */
export function filesWithSecret(home: ExportHome): readonly string[] {
  // The part behind the id; the id alone is no secret.
  const needle = Buffer.from(home.secret.slice(12));
  const found: string[] = [];
  for (const entry of readdirSync(home.dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readIfThere(path);
    if (content?.includes(needle) === true) found.push(path.slice(home.dir.length + 1));
  }
  return found.toSorted();
}

/** A file that its program takes away meanwhile holds nothing any more. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Those of them that the export does not own up to. */
export function unsaidPlaces(home: ExportHome): readonly string[] {
  const own = home.rendered.files.filter((file) => file.containsSecret).map((file) => file.name);
  const said = home.rendered.leaks.filter((leak) => leak.how === 'stored').map((leak) => leak.where);
  return filesWithSecret(home).filter((path) => ![...own, ...said].some((place) => endsLike(path, place)));
}

function endsLike(path: string, place: string): boolean {
  const pattern = place
    .split('*')
    .map((part) => part.replaceAll(/[.\\/+?^$()[\]{}|]/g, String.raw`\$&`))
    .join('[^/]*');
  return new RegExp(`(^|/)${pattern}$`).test(path);
}
