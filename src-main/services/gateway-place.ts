/**
 * Where the gateway of a data folder listens, where its settings leave the port open: beside its identity, for other
 * processes of this user. A hint only: it may be left over, so what answers there has to prove that it is ours.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolderSync } from '../disk/make-folder.ts';
import { readIfThereSync } from '../disk/read-file.ts';
import { replaceFileSync } from '../disk/write-file.ts';

const stored = z.strictObject({
  format: z.literal(1),
  /** On this computer: `http://127.0.0.1:8700`. */
  url: z.string().regex(/^http:\/\/[0-9A-Za-z.:[\]-]{1,260}$/),
});

const pathOf = (dataDir: string): string => join(dataDir, 'gateway', 'address.json');

export class GatewayPlace {
  readonly #dataDir: string;
  /** What this process wrote. */
  #own: string | undefined;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** Where a gateway was last; undefined when nothing says. */
  read(): string | undefined {
    try {
      const bytes = readIfThereSync(pathOf(this.#dataDir), { maxBytes: 4096, code: 'FILE_NOT_READABLE' });
      return bytes === undefined ? undefined : stored.parse(JSON.parse(bytes.toString('utf8'))).url;
    } catch {
      return undefined;
    }
  }

  /** @param url of this process's gateway; undefined while it has none: another process's stays */
  keep(url: string | undefined): void {
    if (url === this.#own) return;
    try {
      if (url === undefined) {
        if (this.read() === this.#own) rmSync(pathOf(this.#dataDir), { force: true });
      } else {
        makeFolderSync(join(this.#dataDir, 'gateway'));
        const text = `${JSON.stringify({ format: 1, url })}\n`;
        replaceFileSync(pathOf(this.#dataDir), text, { mode: 0o600, code: 'FILE_NOT_WRITABLE' });
      }
      this.#own = url;
    } catch {
      // Not found by others then; it serves all the same.
    }
  }
}
