/** "Test this token", and the examination of a configuration that somebody pastes: both ask this app's own gateway only. */
import type { Contract } from '../../shared/contract/contract.ts';
import type { Handlers, InputOf } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { examineConfig } from '../doctor/examine.ts';
import { parseToken, tokenDigest } from '../tokens/format.ts';
import { requireEntry } from './checks.ts';
import type { Context } from './context.ts';
import type { OwnGateway } from './own-gateway.ts';
import { requireOwnGateway } from './own-gateway.ts';
import { tryGateway } from './try-gateway.ts';

type TestRequest = InputOf<Contract['doctor']['testToken']>;
type ExamineRequest = InputOf<Contract['doctor']['examine']>;
/** The gateway takes any user name. */
const login = 'lk';

export function doctorService(context: Context, gateway: OwnGateway): Handlers['doctor'] {
  return {
    testToken: async ({ tokenId, secret }: TestRequest) => {
      const state = context.vault().state();
      const token = requireEntry(state.tokens, tokenId, 'token');
      if (!parseToken(secret).ok) {
        throw new LatchkeyError('TOKEN_MALFORMED', ['tokenIncomplete']);
      }
      if (tokenDigest(secret) !== token.digest) {
        throw new LatchkeyError('TOKEN_MALFORMED', ['tokenOther', token.id]);
      }
      await requireOwnGateway(gateway);
      const base = gateway.baseUrl();
      const targets = token.channelIds.flatMap((id) => {
        const channel = state.channels.get(id);
        if (channel === undefined) return [];
        const path = `${channel.kind}/${channel.name}${channel.kind === 'pypi' ? '/simple/' : ''}`;
        return [{ address: `${base}/${path}`, credentials: { login, password: secret } }];
      });
      return tryGateway(base, targets);
    },

    examine: async ({ name, content, kind, secret }: ExamineRequest) => {
      await requireOwnGateway(gateway);
      const base = gateway.baseUrl();
      const file = { name, content, ...(kind === undefined ? {} : { kind }) };
      const { report, asked } = examineConfig(file, { gatewayUrl: base });
      const credentials = secret === undefined ? {} : { credentials: { login, password: secret } };
      const attempts = await tryGateway(
        base,
        asked.map(({ address }) => ({ address, ...credentials })),
      );
      return { ...report, attempts };
    },
  };
}
