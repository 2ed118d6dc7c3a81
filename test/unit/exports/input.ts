import type { ExportInput } from '../../../src-main/exports/types.ts';

/** A well-formed token that no vault knows. */
export const secret = 'lk-01234567-0123456789ABCDEFGHIJKLMNOPQRSTUV1qbj7U';

export function exportInput(changes: Partial<ExportInput> = {}): ExportInput {
  return {
    gatewayUrl: 'https://packages.acme.example',
    organizationName: 'Acme',
    token: {
      id: '01234567',
      holderName: 'Grace Hopper',
      teamName: 'science',
      environmentName: 'prod',
      expiresAtMs: Date.UTC(2027, 1, 3, 23, 59),
    },
    secret,
    channels: [
      { name: 'internal', kind: 'pypi' },
      { name: 'main', kind: 'conda' },
      { name: 'pypi.mirror', kind: 'pypi' },
      { name: 'bio-tools', kind: 'conda' },
    ],
    ...changes,
  };
}
