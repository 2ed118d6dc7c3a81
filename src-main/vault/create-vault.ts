/**
 * Making a vault. Invariant: keys before the log, and the mark of an unfinished one until the first line is on the disk,
 * so that what a full disk leaves behind is known for what it is and never stands in the way.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import { operatorId as operatorIdSchema } from '../../shared/model/ids.ts';
import { Alarms } from './alarms.ts';
import type { OpenedVault } from './opened-vault.ts';
import { startCursor } from './replay.ts';
import type { PublicKeyOf } from './seal.ts';
import { newKeyPair } from './seal.ts';
import type { SlotContent } from './slots.ts';
import { assertLong, sealSlot } from './slots.ts';
import type { VaultParts } from './vault-api.ts';
import { openWithKeys } from './vault.ts';
import { buildLine } from './write-line.ts';

/** The number of an operator's first key pair. */
const firstKeyNo = 1;

export type FirstOperator = {
  readonly id: OperatorId;
  readonly name: string;
  readonly signKey: PublicKeyOf<'Ed25519'>;
  readonly receiveKey: PublicKeyOf<'X25519'>;
};

export type NewVault<Event> = {
  readonly operatorName: string;
  readonly passphrase: string;
  /** The event that begins the organization with this operator. */
  readonly firstEvent: (operator: FirstOperator) => Event;
};

/**
 * Makes a new vault with its first operator, an admin.
 * @throws LatchkeyError VAULT_EXISTS, PASSPHRASE_TOO_WEAK, INVALID_INPUT, VAULT_UNAVAILABLE, VAULT_BUSY, LOCK_UNSUPPORTED
 */
export async function createVault<State, Event>(
  parts: VaultParts<State, Event>,
  { operatorName, passphrase, firstEvent }: NewVault<NoInfer<Event>>,
): Promise<{ readonly vault: OpenedVault<State, Event> }> {
  assertLong(passphrase);
  const random = (count: number) => Buffer.from(parts.randomBytes(count)).toString('base64url');
  const vaultId = random(16);
  const [sign, receive] = await Promise.all([newKeyPair('Ed25519'), newKeyPair('X25519')]);
  const id = operatorIdSchema.parse(random(12));
  const keys = new Map([
    ['org', parts.randomBytes(32)],
    ['upstream', parts.randomBytes(32)],
  ]);
  const writer = {
    domain: parts.domain,
    operatorId: id,
    keyNo: firstKeyNo,
    signKey: sign.privateJwk,
    keyring: { get: (name: string) => keys.get(name) },
    random: parts.randomBytes,
  };
  const event = firstEvent({
    id,
    name: operatorName,
    signKey: sign.publicJwk,
    receiveKey: receive.publicJwk,
  });
  // The anchor is the hash of the very line that is being built.
  const built = await buildLine(writer, startCursor<State>(vaultId, ''), [event], parts.now());
  const { hash } = built.cursor;
  if (hash === null) throw new Error('a line has a hash');
  const content: SlotContent = {
    vaultId,
    genesis: hash,
    signKey: sign.privateJwk,
    receiveKey: receive.privateJwk,
    checkpointKey: random(32),
  };
  const slot = await sealSlot(parts, { operatorId: id, operatorName }, content, passphrase);
  const { warnings } = await parts.keyStore.create({ vaultId, slots: [slot] });
  await writeFirstLine(parts, vaultId, id, built.line, built.head);
  for (const bytes of keys.values()) bytes.fill(0);
  const alarms = new Alarms();
  for (const why of warnings) alarms.raise({ kind: 'key-file', why });
  const { vault } = await openWithKeys(parts, slot, content, alarms);
  return { vault };
}

async function writeFirstLine<State, Event>(
  parts: VaultParts<State, Event>,
  vaultId: string,
  id: OperatorId,
  line: string,
  head: string,
): Promise<void> {
  const backend = parts.openBackend(id);
  try {
    await backend.append(0, [line], head);
  } catch (error) {
    // The line may be there, or somebody else's log: then the keys stay, and are half made or not as the log says.
    if (isCertainlyAbsent(error)) await parts.keyStore.discard(vaultId);
    throw error instanceof LatchkeyError && error.code === 'VAULT_CONFLICT' ? logExists(error) : error;
  } finally {
    await backend.close();
  }
  await parts.keyStore.finish();
}

function isCertainlyAbsent(error: unknown): boolean {
  if (!(error instanceof LatchkeyError)) return false;
  if (error.code === 'VAULT_CONFLICT' || error.code === 'VAULT_BUSY') return true;
  return !('outcome' in error.details) || error.details.outcome !== 'unknown';
}

function logExists(cause: unknown): LatchkeyError {
  return new LatchkeyError('VAULT_EXISTS', ['logExists'], { cause });
}
