/**
 * An upstream as an operator gives it, made ready to be stored or tried. Invariant: no token stays in a URL, and no
 * credentials go where others on the way can read them.
 */
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { UpstreamCredentials } from '../../shared/model/domain.ts';
import { upstreamCredentials } from '../../shared/model/domain.ts';
import type { Said } from '../../shared/texts/said.ts';
import { parsePrivateHosts } from '../network/private-hosts.ts';
import { isSecretWay } from '../network/secret-way.ts';
import { tokenInPath } from '../network/token-in-path.ts';

type Draft = Parameters<Handlers['channels']['create']>[0];

const invalidUrl = (says: Said) => new LatchkeyError('INVALID_INPUT', says, { details: { field: 'url' } });

/**
 * A conda token in the URL becomes the credentials; private hosts get their one spelling.
 * @throws LatchkeyError INVALID_INPUT
 */
export function settledDraft<D extends Draft>(draft: D): D {
  if (draft.upstream.type === 'folder') {
    if (draft.privateHosts.length === 0) return draft;
    throw new LatchkeyError('INVALID_INPUT', ['folderReachesNoHosts'], {
      details: { privateHost: '' },
    });
  }
  const settled = { ...withTokenMoved(draft), privateHosts: [...parsePrivateHosts(draft.privateHosts)] };
  requireSecretWay(settled);
  return settled;
}

function withTokenMoved<D extends Draft>(draft: D): D {
  const { upstream, kind, credentials } = draft;
  if (upstream.type !== 'url') return draft;
  const url = new URL(upstream.url);
  const found = tokenInPath(url.pathname);
  if (found === undefined) return draft;
  const moved = upstreamCredentials.safeParse({
    type: 'conda-token',
    token: found.token,
    ...(found.before === '' ? {} : { path: found.before }),
  } satisfies UpstreamCredentials);
  if (kind !== 'conda' || !moved.success || credentials.action === 'set') {
    throw invalidUrl(['tokenInUrl']);
  }
  url.pathname = found.rest;
  return {
    ...draft,
    upstream: { type: 'url', url: url.href },
    credentials: { action: 'set', credentials: moved.data },
  };
}

/** Stored credentials need no look: they were judged when they were given, for the same origin. */
function requireSecretWay({ upstream, credentials }: Draft): void {
  if (upstream.type !== 'url' || credentials.action !== 'set') return;
  if (!isSecretWay(new URL(upstream.url))) {
    throw invalidUrl(['credentialsNeedHttps']);
  }
}
