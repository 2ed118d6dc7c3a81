/** Puts the question for the passphrase before the handlers of dangerous acts. The one list of what is dangerous. */
import { isDeepStrictEqual } from 'node:util';
import type { ChannelDraft, Settings } from '../../shared/contract/views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import type { ChannelId } from '../../shared/model/ids.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { StepUpAuth } from './step-up-auth.ts';

type Deps = {
  readonly stepUpAuth: StepUpAuth;
  readonly settings: () => Settings;
  /** @throws LatchkeyError VAULT_LOCKED */
  readonly state: () => OrganizationState;
};

export function guardDangerousActs(handlers: Handlers, { stepUpAuth, settings, state }: Deps): Handlers {
  const { tokens, exports, channels } = handlers;

  /** Credentials that are stored would be sent to an address that was not theirs. */
  const guardRepointing = (draft: {
    readonly id?: ChannelId | undefined;
    readonly upstream: ChannelDraft['upstream'];
    readonly credentials: { readonly action: 'keep' | 'remove' | 'set' };
  }): void => {
    const stored = draft.id === undefined ? undefined : state().channels.get(draft.id);
    if (stored?.sealedCredentials === undefined || draft.credentials.action !== 'keep') return;
    if (draft.upstream.type === 'url' && stored.upstream.type === 'url') {
      if (draft.upstream.url === stored.upstream.url) return;
    } else if (draft.upstream.type === stored.upstream.type) return;
    stepUpAuth.requirePassphrase('to point a channel with stored credentials elsewhere');
  };

  return {
    ...handlers,
    tokens: {
      ...tokens,
      revoke: async (input) => {
        const count = new Set(input.ids).size;
        stepUpAuth.count('revoke', count, count > 1 ? `to revoke ${count} tokens` : 'to revoke more tokens');
        return tokens.revoke(input);
      },
      issue: async (input) => {
        stepUpAuth.count('issue', 1, 'to issue more tokens');
        return tokens.issue(input);
      },
      rotate: async (input) => {
        stepUpAuth.count('issue', 1, 'to issue more tokens');
        return tokens.rotate(input);
      },
    },
    channels: {
      ...channels,
      update: async (input) => {
        guardRepointing(input);
        return channels.update(input);
      },
      testConnection: async (input) => {
        guardRepointing(input);
        return channels.testConnection(input);
      },
    },
    exports: {
      ...exports,
      save: async (input) => {
        if (input.secret !== undefined) stepUpAuth.requirePassphrase('to write a secret into a file');
        return exports.save(input);
      },
    },
    settings: {
      ...handlers.settings,
      set: async (next) => {
        const act = actOf(settings(), next);
        if (act !== undefined) stepUpAuth.requirePassphrase(act);
        return handlers.settings.set(next);
      },
    },
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
  if (!isDeepStrictEqual(addressOf(before), addressOf(next))) return 'to change the gateway’s address';
  if (!isDeepStrictEqual(before.network, next.network))
    return 'to change the way into the network, which sees what is sent';
  if (!isDeepStrictEqual(before.updates, next.updates)) return 'to change where updates come from';
  return undefined;
}
