/**
 * What the contract's `stepUp` means: for each kind, whether this very call is one that a session which the keychain
 * opened may not make without the passphrase. The door asks before it calls; which methods are asked stands in the
 * contract alone.
 */
import { isDeepStrictEqual } from 'node:util';
import type { StepUp } from '../../shared/contract/method.ts';
import type { Settings } from '../../shared/contract/settings-views.ts';
import type { InputsAskedFor } from '../../shared/contract/types.ts';
import { isNarrowerOrEqual, readableNetworks } from '../tokens/networks.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { StepUpAuth } from './step-up-auth.ts';

type Deps = {
  readonly stepUpAuth: Pick<StepUpAuth, 'requirePassphrase' | 'count'>;
  readonly settings: () => Settings;
  /** @throws LatchkeyError VAULT_LOCKED */
  readonly state: () => OrganizationState;
  /** How many tokens an act would change; 0 when it would not happen. */
  readonly plannedChanges: (input: InputsAskedFor<'many-tokens-changed'>) => number;
};

/** Asks for one call of a method whose `stepUp` is of this kind. @throws LatchkeyError PASSPHRASE_REQUIRED */
export type StepUpCheck = (kind: StepUp, input: unknown) => void;

export function stepUpCheck({ stepUpAuth, settings, state, plannedChanges }: Deps): StepUpCheck {
  const checks: { readonly [K in StepUp]: (input: InputsAskedFor<K>) => void } = {
    // The method itself looks at the passphrase that came with the call.
    'passphrase-in-input': () => undefined,
    'many-tokens-issued': () => stepUpAuth.count('issue', 1, 'to issue more tokens'),
    'many-tokens-revoked': ({ ids }) => {
      const count = new Set(ids).size;
      stepUpAuth.count('revoke', count, count > 1 ? `to revoke ${count} tokens` : 'to revoke more tokens');
    },
    'many-tokens-changed': (input) => {
      const { type } = input.act;
      if (type === 'note') return;
      const count = plannedChanges(input);
      stepUpAuth.count(type === 'rotate' ? 'issue' : 'revoke', count, `to ${type} ${count} tokens`);
    },
    // An earlier end is a revocation by another name.
    'rights-taken-away': (change) => {
      if (takesAway(state(), change)) stepUpAuth.count('revoke', 1, 'to take rights from more tokens');
    },
    /** Credentials that are stored would be sent to an address that was not theirs. */
    'credentials-sent-elsewhere': (draft) => {
      const stored = draft.id === undefined ? undefined : state().channels.get(draft.id);
      if (stored?.sealedCredentials === undefined || draft.credentials.action !== 'keep') return;
      if (draft.upstream.type === 'url' && stored.upstream.type === 'url') {
        if (draft.upstream.url === stored.upstream.url) return;
      } else if (draft.upstream.type === stored.upstream.type) return;
      stepUpAuth.requirePassphrase('to point a channel with stored credentials elsewhere');
    },
    'secret-into-file': ({ secret }) => {
      if (secret !== undefined) stepUpAuth.requirePassphrase('to write a secret into a file');
    },
    'secrets-into-file': ({ source }) => {
      if (source.of === 'secrets') stepUpAuth.requirePassphrase('to write secrets into a file');
    },
    'traffic-sent-elsewhere': (next) => {
      const act = actOf(settings(), next);
      if (act !== undefined) stepUpAuth.requirePassphrase(act);
    },
  };
  // The door hands in what it has parsed by the method whose kind this is; TypeScript cannot follow that.
  return (kind, input) => (checks[kind] as (input: unknown) => void)(input);
}

/** Whether a change of a token leaves it less than it has. What cannot be judged is refused by the service anyway. */
function takesAway(state: OrganizationState, change: InputsAskedFor<'rights-taken-away'>): boolean {
  const token = state.tokens.get(change.id);
  if (token === undefined) return false;
  const {
    channelIds = token.channelIds,
    networks = token.networks,
    expiresAtMs = token.expiresAtMs,
  } = change;
  return (
    expiresAtMs < token.expiresAtMs ||
    token.channelIds.some((id) => !channelIds.includes(id)) ||
    (networks !== 'anywhere' && !isNarrowerOrEqual(token.networks, readableNetworks(networks)))
  );
}

/** What of a change of settings sends tokens, credentials or the next version of the program another way. */
function actOf(before: Settings, next: Settings): string | undefined {
  const addressOf = ({ gateway }: Settings) => [
    gateway.host,
    gateway.port,
    gateway.publicUrl,
    gateway.trustedProxies,
  ];
  if (!isDeepStrictEqual(addressOf(before), addressOf(next))) return 'to change the gateway’s address';
  if (!isDeepStrictEqual(before.network, next.network))
    return 'to change the way into the network, which sees what is sent';
  if (!isDeepStrictEqual(before.updates, next.updates)) return 'to change where updates come from';
  return undefined;
}
