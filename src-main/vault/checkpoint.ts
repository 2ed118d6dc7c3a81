/**
 * A sealed copy of the state at one line, so that opening need not replay what was replayed before. Invariant: it is
 * worth only what its hash says: it is used when the log still has that very line at that place, and never otherwise.
 */
import { z } from 'zod';
import { channel, environment, operator, policy, team, token } from '../../shared/model/domain.ts';
import type { VaultState } from '../../shared/model/state.ts';
import { Keyring } from './keyring.ts';
import { openText, sealText } from './seal.ts';

const stored = z.object({
  /** How many lines the state is made of. */
  seq: z.number().int().min(1),
  /** Hash of the last of them. */
  hash: z.string(),
  organizationName: z.string(),
  createdAtMs: z.number(),
  operators: z.array(operator),
  teams: z.array(team),
  environments: z.array(environment),
  channels: z.array(channel),
  policies: z.array(policy),
  tokens: z.array(token),
  keys: z.record(z.string(), z.string()),
});

export type Checkpoint = {
  readonly seq: number;
  readonly hash: string;
  readonly state: VaultState;
  readonly keyring: Keyring;
};

const bindingOf = (vaultId: string) => ({ use: 'checkpoint', vault: vaultId });

/** Seals a checkpoint under the operator's own key. */
export async function sealCheckpoint(
  key: Uint8Array,
  vaultId: string,
  checkpoint: Checkpoint,
): Promise<string> {
  const { state } = checkpoint;
  const open: z.input<typeof stored> = {
    seq: checkpoint.seq,
    hash: checkpoint.hash,
    organizationName: state.organizationName,
    createdAtMs: state.createdAtMs,
    operators: [...state.operators.values()],
    teams: [...state.teams.values()],
    environments: [...state.environments.values()],
    channels: [...state.channels.values()],
    policies: [...state.policies.values()],
    tokens: [...state.tokens.values()],
    keys: checkpoint.keyring.toJSON(),
  };
  return sealText(key, JSON.stringify(open), bindingOf(vaultId));
}

/** The checkpoint, or undefined when it cannot be used: it is a shortcut, and the log alone is the truth. */
export async function openCheckpoint(
  key: Uint8Array,
  vaultId: string,
  sealed: string,
): Promise<Checkpoint | undefined> {
  let open: z.infer<typeof stored>;
  try {
    open = stored.parse(JSON.parse(await openText(key, sealed, bindingOf(vaultId))));
  } catch {
    return undefined;
  }
  const byId = <T extends { readonly id: string }>(items: readonly T[]) =>
    new Map(items.map((item) => [item.id as T['id'], item]));
  return {
    seq: open.seq,
    hash: open.hash,
    keyring: Keyring.fromJSON(open.keys),
    state: {
      organizationName: open.organizationName,
      createdAtMs: open.createdAtMs,
      operators: byId(open.operators),
      teams: byId(open.teams),
      environments: byId(open.environments),
      channels: byId(open.channels),
      policies: byId(open.policies),
      tokens: byId(open.tokens),
    },
  };
}
