/**
 * Making and opening a vault: a signed, encrypted, hash-chained log of events, and the keys to it. Invariant: a vault
 * opens only as a whole: key slot, log, and the first line that the slot names belong together, every line is in its
 * place, and every event that the state is made of was written by somebody who might.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { Operator } from '../../shared/model/domain.ts';
import type { DomainEvent } from '../../shared/model/events.ts';
import { domainEvent } from '../../shared/model/events.ts';
import { operatorId as operatorIdSchema } from '../../shared/model/ids.ts';
import type { Checkpoint } from './checkpoint.ts';
import { openCheckpoint } from './checkpoint.ts';
import { Keyring, makeGrant } from './keyring.ts';
import type { LinePayload } from './line.ts';
import { hashLine } from './line.ts';
import { OpenedVault } from './opened-vault.ts';
import type { Position, Reader } from './replay.ts';
import { checkChain, eventBinding, isSignedByOperator, replay } from './replay.ts';
import { newKeyPair, sealText, signText } from './seal.ts';
import type { SlotContent } from './slots.ts';
import { mustBeLong, openKeychain, openSlot, sealSlot } from './slots.ts';
import type { OpenReport, Vault, VaultDeps } from './types.ts';
import type { KeySlot, VaultFile } from './vault-file.ts';

export type { Vault } from './types.ts';

/** The first epoch of every key; removing an operator starts new ones. */
const epoch = 0;

/** Whether there is a vault, without opening it. */
export function vaultExists(deps: Pick<VaultDeps, 'keyStore'>): 'none' | 'present' | 'damaged' {
  try {
    return deps.keyStore.read() === undefined ? 'none' : 'present';
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'VAULT_CORRUPT') return 'damaged';
    throw error;
  }
}

/**
 * Makes a new vault with its first operator, an admin.
 * @throws LatchkeyError VAULT_EXISTS, PASSPHRASE_TOO_WEAK
 */
export async function createVault(
  deps: VaultDeps,
  first: { readonly organizationName: string; readonly operatorName: string; readonly passphrase: string },
): Promise<Vault> {
  mustBeLong(first.passphrase);
  const { lines } = await deps.backend.readFrom(0);
  if (deps.keyStore.read() !== undefined || lines.length > 0) {
    throw new LatchkeyError(
      'VAULT_EXISTS',
      'There is a vault in this folder already. Unlock it, or choose another folder.',
    );
  }
  const random = (count: number) => Buffer.from(deps.randomBytes(count)).toString('base64url');
  const vaultId = random(16);
  const [sign, receive] = await Promise.all([newKeyPair('Ed25519'), newKeyPair('X25519')]);
  const operator: Operator = {
    id: operatorIdSchema.parse(random(12)),
    name: first.operatorName,
    role: 'admin',
    teamIds: [],
    signKey: sign.publicJwk,
    receiveKey: receive.publicJwk,
    addedAtMs: deps.now(),
  };
  const parsed = domainEvent.safeParse({
    type: 'organization.created',
    atMs: deps.now(),
    name: first.organizationName,
    operator,
  } satisfies DomainEvent);
  if (!parsed.success) {
    throw new LatchkeyError(
      'INVALID_INPUT',
      'The name of the organization or of the operator cannot be stored.',
      {
        cause: parsed.error,
      },
    );
  }
  const event = parsed.data;
  const [org, secrets] = [deps.randomBytes(32), deps.randomBytes(32)];
  const payload: LinePayload = {
    v: 1,
    vault: vaultId,
    seq: 0,
    prev: null,
    epoch,
    jwe: await sealText(org, JSON.stringify(event), eventBinding(vaultId, 0, epoch)),
    grants: [
      await makeGrant(vaultId, operator, 'org', epoch, org),
      await makeGrant(vaultId, operator, 'secrets', epoch, secrets),
    ],
    operators: [{ id: operator.id, signKey: operator.signKey, receiveKey: operator.receiveKey }],
  };
  const line = await signText(sign.privateJwk, operator.id, JSON.stringify(payload));
  const content: SlotContent = {
    vaultId,
    genesis: hashLine(line),
    signKey: sign.privateJwk,
    receiveKey: receive.privateJwk,
    checkpointKey: random(32),
  };
  const slot = await sealSlot(
    deps,
    { operatorId: operator.id, operatorName: operator.name },
    content,
    first.passphrase,
  );
  // The key first: a log without its key would be lost, a key without a log is only in the way.
  deps.keyStore.write({ format: 1, vaultId, slots: [slot] });
  await deps.backend.append(0, [line]);
  const { vault } = await opened(deps, slot, content);
  return vault;
}

/**
 * Opens a vault.
 * @throws LatchkeyError VAULT_NOT_FOUND, VAULT_WRONG_PASSPHRASE, VAULT_KEYCHAIN_REFUSED, VAULT_KDF_OUT_OF_BOUNDS,
 * VAULT_CORRUPT, VAULT_UNAUTHORIZED_EVENT, VAULT_ROLLED_BACK
 */
export async function openVault(
  deps: VaultDeps,
  by: { readonly passphrase: string } | { readonly keychainSecret: Uint8Array },
): Promise<{ readonly vault: Vault; readonly report: OpenReport }> {
  const file = deps.keyStore.read();
  const restored = deps.keyStore.wasRestored();
  const slot = file?.slots[0];
  if (file === undefined || slot === undefined) {
    throw new LatchkeyError(
      'VAULT_NOT_FOUND',
      'There is no vault in this folder. Create an organization first.',
    );
  }
  const content =
    'passphrase' in by
      ? await openSlot(deps, slot, by.passphrase)
      : await openKeychain(slot, by.keychainSecret);
  if (content.vaultId !== file.vaultId) {
    throw new LatchkeyError(
      'VAULT_CORRUPT',
      'vault.json names another vault than its keys do. Restore it from a backup.',
    );
  }
  // The copy becomes the file again, and the damaged one is kept.
  if (restored) deps.keyStore.write(file);
  const result = await opened(deps, slot, content);
  return restored ? { vault: result.vault, report: { ...result.report, restoredKeyFile: true } } : result;
}

async function opened(
  deps: VaultDeps,
  slot: KeySlot,
  content: SlotContent,
): Promise<{ vault: Vault; report: OpenReport }> {
  const { lines, tornTailBytes } = await deps.backend.readFrom(0);
  const [genesis] = lines;
  if (genesis === undefined) {
    throw new LatchkeyError('VAULT_CORRUPT', 'vault.log is missing or empty. Restore it from a backup.', {
      details: { line: 1 },
    });
  }
  // Where the damage is, the chain says better than the anchor; so it speaks first.
  checkChain(lines, content.vaultId, 0, null);
  if (hashLine(genesis) !== content.genesis) {
    throw new LatchkeyError('VAULT_CORRUPT', 'Line 1 of the log is not the one that this vault began with.', {
      details: { line: 1 },
    });
  }
  const checkpoint = await usableCheckpoint(deps.keyStore.read(), slot, content, lines);
  const reader: Reader = {
    vaultId: content.vaultId,
    operatorId: slot.operatorId,
    receiveKey: content.receiveKey,
    keyring: checkpoint?.keyring ?? new Keyring(),
  };
  const from: Position = checkpoint ?? { seq: 0, hash: null, state: undefined };
  const position = await replay(reader, from, lines.slice(from.seq), true);
  return {
    vault: new OpenedVault(deps, slot, content, reader, position, checkpoint?.seq ?? 0),
    report: { usedCheckpoint: checkpoint !== undefined, ...(tornTailBytes > 0 ? { tornTailBytes } : {}) },
  };
}

/** @throws LatchkeyError VAULT_ROLLED_BACK when the log ends before the checkpoint, or goes another way */
async function usableCheckpoint(
  file: VaultFile | undefined,
  slot: KeySlot,
  content: SlotContent,
  lines: readonly string[],
): Promise<Checkpoint | undefined> {
  const stored = file?.checkpoint;
  if (stored?.operatorId !== slot.operatorId) return undefined;
  const key = Buffer.from(content.checkpointKey, 'base64url');
  const checkpoint = await openCheckpoint(new Uint8Array(key), content.vaultId, stored.sealed);
  if (checkpoint === undefined) return undefined;
  const line = lines[checkpoint.seq - 1];
  if (line !== undefined && hashLine(line) === checkpoint.hash) return checkpoint;
  if (line !== undefined && !(await isSignedByOperator(line, checkpoint.state))) {
    throw new LatchkeyError(
      'VAULT_CORRUPT',
      `Line ${checkpoint.seq} of the log is damaged: it was changed. Restore vault.log from a backup.`,
      { details: { line: checkpoint.seq } },
    );
  }
  const found = line ?? lines.at(-1);
  throw new LatchkeyError(
    'VAULT_ROLLED_BACK',
    `This computer has seen ${checkpoint.seq} lines of the log; the file has ${lines.length}${line === undefined ? '' : ', and others'}. An older or foreign vault.log was put in place. Restore the newest one.`,
    {
      details: {
        seenSeq: checkpoint.seq,
        seenHash: checkpoint.hash,
        foundSeq: lines.length,
        foundHash: found === undefined ? null : hashLine(found),
      },
    },
  );
}
