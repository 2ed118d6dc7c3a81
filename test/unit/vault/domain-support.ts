import type { Operator, OperatorRole, Token } from '../../../shared/model/domain.ts';
import { channel, environment, operator, policy, team, token } from '../../../shared/model/domain.ts';
import type { DomainEvent } from '../../../shared/model/events.ts';

const key = (crv: 'Ed25519' | 'X25519') => ({ kty: 'OKP', crv, x: 'A'.repeat(43) }) as const;

export const operatorOf = (id: string, role: OperatorRole, teamIds: readonly string[] = []): Operator =>
  operator.parse({
    id,
    name: id,
    role,
    teamIds,
    signKey: key('Ed25519'),
    receiveKey: key('X25519'),
    addedAtMs: 0,
  });

export const ada = operatorOf('ada', 'admin');

export const teamOf = (id: string) => team.parse({ id, name: id, description: '', createdAtMs: 0 });
export const environmentOf = (id: string) =>
  environment.parse({ id, name: id, rank: 10, isProtected: false, createdAtMs: 0 });
export const channelOf = (id: string) =>
  channel.parse({
    id,
    name: id,
    kind: 'conda',
    upstream: { type: 'url', url: 'https://conda.example.org/main' },
    environmentIds: ['dev'],
    note: '',
    createdAtMs: 0,
  });
export const policyOf = (id: string) =>
  policy.parse({
    id,
    name: id,
    mode: 'enforce',
    teamIds: [],
    environmentIds: [],
    rules: [{ type: 'tokens', maxTtlDays: 90, networksRequired: false }],
    createdAtMs: 0,
  });

export const tokenOf = (id: string, fields: Partial<Record<keyof Token, unknown>> = {}): Token =>
  token.parse({
    id,
    digest: id.charCodeAt(7).toString(16).padStart(64, '0'),
    holder: { kind: 'service', name: 'ci' },
    teamId: 'core',
    environmentId: 'dev',
    channelIds: ['main'],
    permission: 'install',
    issuedAtMs: 1_000,
    issuedBy: 'ada',
    expiresAtMs: 100_000,
    networks: [],
    note: '',
    ...fields,
  });

export const created: DomainEvent = { type: 'organization.created', atMs: 0, name: 'Example', operator: ada };

/** A small organization: team `core`, environment `dev`, channel `main`, policy `lifetime`, token `AAAAAAA1`. */
export const smallOrganization: readonly DomainEvent[] = [
  created,
  { type: 'team.created', atMs: 1, team: teamOf('core') },
  { type: 'environment.created', atMs: 1, environment: environmentOf('dev') },
  { type: 'channel.created', atMs: 1, channel: channelOf('main') },
  { type: 'policy.changed', atMs: 1, policy: policyOf('lifetime') },
  { type: 'token.issued', atMs: 1_000, token: tokenOf('AAAAAAA1') },
];
