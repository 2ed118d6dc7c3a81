/**
 * What the gateway of a data folder is known by: a key of its own in that folder, for this user alone. Invariant: it
 * proves which gateway answers and nothing else; who has it can pretend to be that gateway, not more.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThereSync } from '../disk/read-file.ts';
import { replaceFileSync } from '../disk/write-file.ts';
import type { GatewayIdentity } from '../gateway/probe.ts';
import { newGatewayIdentity } from '../gateway/probe.ts';
import { makeFolderSync } from '../disk/make-folder.ts';

const stored = z.strictObject({
  format: z.literal(1),
  gatewayId: z.string().regex(/^[\w-]{16}$/),
  seed: z.string().regex(/^[\w-]{43}$/),
});

const pathOf = (dataDir: string): string => join(dataDir, 'gateway', 'identity.json');

/** The identity in the folder; undefined when there is none, or none that can be read. */
export function readGatewayIdentity(dataDir: string): GatewayIdentity | undefined {
  try {
    const bytes = readIfThereSync(pathOf(dataDir), { maxBytes: 4096, code: 'FILE_NOT_READABLE' });
    if (bytes === undefined) return undefined;
    const { gatewayId, seed } = stored.parse(JSON.parse(bytes.toString('utf8')));
    return { gatewayId, seed };
  } catch {
    // Damaged: the next start of a gateway makes another, and until then nothing passes for ours.
    return undefined;
  }
}

/** The same, made when it is not there. Undefined where the disk refuses: then no probe is answered. */
export function gatewayIdentity(dataDir: string): GatewayIdentity | undefined {
  const found = readGatewayIdentity(dataDir);
  if (found !== undefined) return found;
  try {
    makeFolderSync(join(dataDir, 'gateway'));
    const text = `${JSON.stringify({ format: 1, ...newGatewayIdentity() })}\n`;
    replaceFileSync(pathOf(dataDir), text, { mode: 0o600, code: 'FILE_NOT_WRITABLE' });
  } catch {
    return undefined;
  }
  // As it stands there now: another process may have made one at the same time.
  return readGatewayIdentity(dataDir);
}
