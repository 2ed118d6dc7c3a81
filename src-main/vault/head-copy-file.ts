/**
 * The memory of this computer, a file per vault in the user's state folder. Invariant: a copy is only ever raised, unless
 * a confirmed restore lowers it, whoever of the user's processes writes it: compared and replaced under one lock. The
 * denials are on the disk before the copy that counts on them.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import { okpPublicKey, operatorRole } from '../../shared/model/domain.ts';
import { diskError } from '../disk/disk-error.ts';
import { makeFolder } from '../disk/make-folder.ts';
import { withFileLock } from '../disk/file-lock.ts';
import type { Disk } from '../disk/operations.ts';
import { systemDisk } from '../disk/operations.ts';
import { readIfThere } from '../disk/read-file.ts';
import { replaceFile } from '../disk/write-file.ts';
import { DenialsFile } from './denials-file.ts';
import type { HeadCopy, HeadCopyStore, LineDenials } from './head-copy.ts';

const b64u = z.string().regex(/^[A-Za-z0-9_-]+$/);

const storedCopy = z.strictObject({
  format: z.literal(1),
  vault: b64u,
  seq: z.number().int().min(0),
  hash: b64u,
  head: z.string().max(64 * 1024),
  signers: z.array(
    z.strictObject({
      kid: z.string().max(200),
      signKey: okpPublicKey,
      role: operatorRole,
      removed: z.boolean(),
    }),
  ),
});

/** About 300 bytes a signer. */
const maxCopyBytes = 16 * 1024 * 1024;

export type HeadCopyOptions = { readonly disk?: Disk; readonly now?: () => number };

/** The copies in a state folder, which is made when it is first written. */
export function openHeadCopies(stateDir: string, options: HeadCopyOptions = {}): HeadCopyStore {
  return new HeadCopyFiles(join(stateDir, 'heads'), options);
}

class HeadCopyFiles implements HeadCopyStore {
  readonly #dir: string;
  readonly #options: HeadCopyOptions;
  readonly #disk: Disk;

  constructor(dir: string, options: HeadCopyOptions) {
    this.#dir = dir;
    this.#options = options;
    this.#disk = options.disk ?? systemDisk;
  }

  async read(vaultId: string): Promise<HeadCopy | undefined> {
    const path = this.#path(vaultId, 'json');
    try {
      const bytes = await readIfThere(path, {
        maxBytes: maxCopyBytes,
        code: 'VAULT_UNAVAILABLE',
        disk: this.#disk,
      });
      if (bytes === undefined) return undefined;
      const { format: _format, vault, ...copy } = storedCopy.parse(JSON.parse(bytes.toString('utf8')));
      if (vault !== vaultId) throw new Error('it is the copy of another vault');
      return copy;
    } catch (cause) {
      if (cause instanceof LatchkeyError && cause.code === 'VAULT_UNAVAILABLE') throw cause;
      throw new LatchkeyError('VAULT_CORRUPT', ['headCopyDamaged', path], { details: { path }, cause });
    }
  }

  note(vaultId: string, copy: HeadCopy, denials: readonly LineDenials[]): Promise<void> {
    return this.#runExclusive(vaultId, async () => {
      if (denials.length > 0) await this.#denials(vaultId).add(denials);
      const kept = await this.read(vaultId);
      if (kept === undefined || kept.seq < copy.seq) await this.#write(vaultId, withSigners(copy, kept));
    });
  }

  denialsFrom(vaultId: string, seq: number): Promise<readonly LineDenials[]> {
    return this.#denials(vaultId).from(seq);
  }

  lower(vaultId: string, copy: HeadCopy, droppedFromSeq: number): Promise<void> {
    return this.#runExclusive(vaultId, async () => {
      // The copy first: denials that stay too long only deny.
      await this.#write(vaultId, withSigners(copy, await this.read(vaultId)));
      await this.#denials(vaultId).dropFrom(droppedFromSeq);
    });
  }

  async #write(vaultId: string, { seq, hash, head, signers }: HeadCopy): Promise<void> {
    const text = JSON.stringify(storedCopy.parse({ format: 1, vault: vaultId, seq, hash, head, signers }));
    await replaceFile(this.#path(vaultId, 'json'), `${text}\n`, {
      mode: 0o600,
      code: 'VAULT_UNAVAILABLE',
      disk: this.#disk,
    });
  }

  #denials(vaultId: string): DenialsFile {
    return new DenialsFile(this.#path(vaultId, 'denials'), this.#disk);
  }

  /** One process at a time, or the lower of two copies could win. */
  async #runExclusive(vaultId: string, work: () => Promise<void>): Promise<void> {
    const path = this.#path(vaultId, 'lock');
    try {
      await makeFolder(this.#dir);
      await withFileLock(path, this.#options, work);
    } catch (cause) {
      if (cause instanceof LatchkeyError && ['VAULT_BUSY', 'LOCK_UNSUPPORTED'].includes(cause.code)) {
        throw new LatchkeyError('VAULT_UNAVAILABLE', ['cannotLock', this.#dir], {
          details: { path },
          cause,
        });
      }
      throw diskError('VAULT_UNAVAILABLE', 'folder-write', path, cause, undefined, this.#dir);
    }
  }

  #path(vaultId: string, kind: 'json' | 'denials' | 'lock'): string {
    // It becomes a file's name.
    if (!b64u.max(100).safeParse(vaultId).success) throw new Error('not the id of a vault');
    return join(this.#dir, `${vaultId}.${kind}`);
  }
}

/** A signer who was known stays known, and one who was removed stays removed, whatever an older log says. */
function withSigners(copy: HeadCopy, kept: HeadCopy | undefined): HeadCopy {
  const signers = new Map(copy.signers.map((signer) => [signer.kid, signer]));
  for (const old of kept?.signers ?? []) {
    const now = signers.get(old.kid);
    if (now === undefined) signers.set(old.kid, old);
    else if (old.removed) signers.set(old.kid, { ...now, removed: true });
  }
  return { ...copy, signers: [...signers.values()] };
}
