/** Whether a file is still what was written: read whole once, and again only when its stamp is another one. */
import { stat } from 'node:fs/promises';
import { isWhole } from '../curation/feeds/whole-records.ts';

export class WholeFile {
  #known = '';

  /** @param sha256 hex. @returns false too where it is gone, or cannot be read */
  async isWhole({ path, sha256 }: { readonly path: string; readonly sha256: string }): Promise<boolean> {
    try {
      const { size, mtimeMs, ino } = await stat(path);
      const stamp = `${path} ${sha256} ${size} ${mtimeMs} ${ino}`;
      if (stamp === this.#known) return true;
      if (!(await isWhole(path, sha256))) return false;
      this.#known = stamp;
      return true;
    } catch {
      return false;
    }
  }
}
