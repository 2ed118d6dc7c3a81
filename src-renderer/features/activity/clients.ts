import type { LogRowView } from '../../../shared/contract/log-views.ts';

/** A program that used a token, and the project and job that it ran for where the client said so. */
export type ClientUse = {
  readonly client: string;
  readonly ciProject: string;
  readonly ciJob: string;
  readonly requests: number;
  readonly refused: number;
  readonly lastMs: number;
};

/** Who sent these rows, the last one first. */
export function clientsOf(rows: readonly LogRowView[]): readonly ClientUse[] {
  const found = new Map<string, ClientUse>();
  for (const { client, ciProject = '', ciJob = '', kind, atMs } of rows) {
    const key = JSON.stringify([client, ciProject, ciJob]);
    const before = found.get(key) ?? { client, ciProject, ciJob, requests: 0, refused: 0, lastMs: 0 };
    found.set(key, {
      ...before,
      requests: before.requests + 1,
      refused: before.refused + (kind === 'refusal' ? 1 : 0),
      lastMs: Math.max(before.lastMs, atMs),
    });
  }
  return [...found.values()].sort((a, b) => b.lastMs - a.lastMs);
}
