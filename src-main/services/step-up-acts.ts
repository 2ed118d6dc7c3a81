/**
 * What the contract's `stepUp` means: for each kind, whether this very call is one that a session which the keychain
 * opened may not make without the passphrase. The door asks before it calls; which methods are asked stands in the
 * contract alone.
 */
import { isDeepStrictEqual } from 'node:util';
import type { StepUp } from '../../shared/contract/method.ts';
import type { Settings } from '../../shared/contract/settings-views.ts';
import type { InputsAskedFor } from '../../shared/contract/types.ts';
import type { Token } from '../../shared/model/domain.ts';
import type { OrganizationState } from '../organization/state.ts';
import { isNarrowerOrEqual, readableNetworks } from '../tokens/networks.ts';
import type { StepUpAuth } from './step-up-auth.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.stepUp;

type Reach = Pick<Token, 'expiresAtMs' | 'channelIds' | 'networks'>;
type Deps = {
  readonly stepUpAuth: Pick<StepUpAuth, 'isByKeychain' | 'requirePassphrase' | 'count'>;
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
    'many-tokens-issued': () => stepUpAuth.count('issue', 1, words.issueMore),
    'many-tokens-revoked': ({ ids }) => {
      const count = new Set(ids).size;
      stepUpAuth.count('revoke', count, count > 1 ? words.revokeMany(count) : words.revokeMore);
    },
    'many-tokens-imported': ({ tokens = '', dryRun }) => {
      // Lines without the header; a line too many asks sooner, never later.
      const count = tokens.split(/\r\n|[\r\n]/).filter((line) => line.trim() !== '').length - 1;
      if (!dryRun && count > 0) stepUpAuth.count('issue', count, words.importMany(count));
    },
    'many-tokens-changed': (input) => {
      const { type } = input.act;
      if (type === 'note') return;
      const count = plannedChanges(input);
      stepUpAuth.count(type === 'rotate' ? 'issue' : 'revoke', count, `to ${type} ${count} tokens`);
    },
    /** A token that is cut short is as good as revoked, one that reaches further as good as issued. */
    'rights-changed': (change) => {
      const stored = state().tokens.get(change.id);
      if (stored === undefined) return;
      const { takes, gives } = effectOf(stored, change);
      if (takes) stepUpAuth.count('revoke', 1, words.narrowMore);
      if (gives) stepUpAuth.count('issue', 1, words.widenMore);
    },
    /** Credentials that are stored would be sent to an address that was not theirs. */
    'credentials-sent-elsewhere': (draft) => {
      const stored = draft.id === undefined ? undefined : state().channels.get(draft.id);
      if (stored?.sealedCredentials === undefined || draft.credentials.action !== 'keep') return;
      if (draft.upstream.type === 'url' && stored.upstream.type === 'url') {
        if (draft.upstream.url === stored.upstream.url) return;
      } else if (draft.upstream.type === stored.upstream.type) return;
      stepUpAuth.requirePassphrase(words.pointElsewhere);
    },
    'secret-into-file': ({ secret }) => {
      if (secret !== undefined) stepUpAuth.requirePassphrase(words.secretIntoFile);
    },
    'secrets-into-file': ({ source }) => {
      if (source.of === 'secrets') stepUpAuth.requirePassphrase(words.secretsIntoFile);
    },
    'traffic-sent-elsewhere': (next) => {
      const act = actOf(settings(), next);
      if (act !== undefined) stepUpAuth.requirePassphrase(act);
    },
    'evidence-kept-otherwise': () => stepUpAuth.requirePassphrase(words.keepOtherwise),
  };
  // The door hands in what it has parsed by the method whose kind this is; TypeScript cannot follow that.
  return (kind, input) => {
    // Looked at here too: what is asked for may take work (a bulk act is planned), which no other session needs.
    if (stepUpAuth.isByKeychain()) (checks[kind] as (input: unknown) => void)(input);
  };
}

/** What a change takes away from a token, and what it gives. */
function effectOf(
  stored: Reach,
  {
    expiresAtMs = stored.expiresAtMs,
    channelIds = stored.channelIds,
    networks = stored.networks,
  }: {
    readonly [K in keyof Reach]?: Reach[K] | undefined;
  },
): { readonly takes: boolean; readonly gives: boolean } {
  // Networks that are none are refused by the method itself.
  const next = networks === 'anywhere' ? networks : readableNetworks(networks);
  return {
    takes:
      expiresAtMs < stored.expiresAtMs ||
      stored.channelIds.some((id) => !channelIds.includes(id)) ||
      !isNarrowerOrEqual(stored.networks, next),
    gives:
      expiresAtMs > stored.expiresAtMs ||
      channelIds.some((id) => !stored.channelIds.includes(id)) ||
      !isNarrowerOrEqual(next, stored.networks),
  };
}

/** What of a change of settings sends tokens, credentials or the next version of the program another way. */
function actOf(before: Settings, next: Settings): string | undefined {
  const addressOf = ({ gateway }: Settings) => [
    gateway.host,
    gateway.port,
    gateway.publicUrl,
    gateway.trustedProxies,
  ];
  if (!isDeepStrictEqual(addressOf(before), addressOf(next))) return words.gatewayAddress;
  if (!isDeepStrictEqual(before.network, next.network)) return words.network;
  if (!isDeepStrictEqual(before.updates, next.updates)) return words.updateFeed;
  return undefined;
}
