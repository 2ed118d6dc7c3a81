/** The organization's vault in a folder, as each program would open it, with a memory of its own. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { organizationDomain } from '../../src-main/organization/domain.ts';
import type { DomainEvent } from '../../src-main/organization/events.ts';
import { parseEvents } from '../../src-main/organization/events.ts';
import type { OrganizationState } from '../../src-main/organization/state.ts';
import { openCheckpoints } from '../../src-main/vault/checkpoint-files.ts';
import type { FirstOperator } from '../../src-main/vault/create-vault.ts';
import { openFileBackend } from '../../src-main/vault/file-backend.ts';
import { openHeadCopies } from '../../src-main/vault/head-copy-file.ts';
import { openKeyStore } from '../../src-main/vault/key-store.ts';
import type { Vault, VaultParts } from '../../src-main/vault/vault-api.ts';

export type OrganizationParts = VaultParts<OrganizationState, DomainEvent>;

export const partsIn = (dir: string): OrganizationParts => ({
  domain: organizationDomain,
  now: Date.now,
  randomBytes: (count) => new Uint8Array(randomBytes(count)),
  keyStore: openKeyStore(dir),
  openBackend: () => openFileBackend(dir),
  headCopies: openHeadCopies(join(dir, 'state-of-this-computer')),
  checkpoints: openCheckpoints(dir),
  kdf: { memoryKiB: 19_456, passes: 2, parallelism: 1 },
  workers: 0,
});

/** Events as they stand on a line. @throws Error when one is not of its form */
export function storedEvents(raw: readonly unknown[]): readonly DomainEvent[] {
  const parsed = parseEvents({ events: raw });
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.events;
}

/** The event that begins an organization. */
export const created = (name: string, operator: FirstOperator): DomainEvent => ({
  type: 'organization.created',
  name,
  operator: {
    ...operator,
    signKey: okp('Ed25519', operator.signKey),
    receiveKey: okp('X25519', operator.receiveKey),
  },
});
const okp = <C extends 'Ed25519' | 'X25519'>(crv: C, { x }: { readonly x: string }) =>
  ({ kty: 'OKP', crv, x }) as const;

/** Writes one line. */
export const write = (vault: Vault<OrganizationState, DomainEvent>, ...raw: readonly unknown[]) =>
  vault.commit(() => ({ events: storedEvents(raw), result: undefined }));

const tables = ['operators', 'holders', 'teams', 'environments', 'channels', 'policies', 'tokens'] as const;

const keyed = ['labels', 'assessments', 'nameMap', 'licenseAliases', 'feeds', 'anchors'] as const;

/** A state as plain JSON: each table as a list by id, without the indexes. */
export function plainState(state: OrganizationState): Record<string, unknown> {
  const { organizationName, createdAtMs, retention } = state;
  const lists = tables.map((table) => {
    const entries: readonly { readonly id: string }[] = [...state[table].values()];
    return [table, entries.toSorted((a, b) => (a.id < b.id ? -1 : 1))] as const;
  });
  const pairs = keyed.map((table) => {
    const entries: readonly (readonly [string, unknown])[] = [...state[table].entries()];
    return [table, entries.toSorted(([a], [b]) => (a < b ? -1 : 1))] as const;
  });
  return JSON.parse(
    JSON.stringify({ organizationName, createdAtMs, retention, ...Object.fromEntries([...lists, ...pairs]) }),
  ) as Record<string, unknown>;
}
