/**
 * Segments as an organization of some thousand tokens writes them, made anew at each reading: CI jobs and people install
 * some dozens of files at a time, few packages make most of it, few tokens too, at working hours of 90 days.
 */
import { createHash } from 'node:crypto';
import type { PlainRow } from '../../../src-main/request-log/store/row-store.ts';
import type {
  SegmentBatch,
  SegmentInfo,
  SegmentSource,
} from '../../../src-main/request-log/store/segment-source.ts';
import { Seeded } from '../../support/seeded.ts';

export const generated = { tokens: 3_000, environments: 24, teams: 60, packages: 4_000, days: 90 };
/** Of one token that is seldom used. */
export const rareChannel = 'channel-rare';
/** What 8 MiB hold. */
const rowsPerSegment = 30_000;
const dayMs = 86_400_000;
/** Two months and a half, so that databases of four months are asked. */
export const firstMs = Date.UTC(2026, 7, 20);
const clients = ['pip/26.3', 'uv/0.11.2', 'conda/26.1.0', 'mamba/2.6', 'pixi/0.70', 'rattler/0.40'] as const;

const padded = (kind: string, no: number): string => `${kind}${String(no).padStart(8 - kind.length, '0')}`;
export const tokenName = (no: number): string => padded('tk', no);
export const environmentName = (no: number): string => `env-${padded('e', no)}`;

/** Few are chosen often: the first about every eighth time. */
const zipf = (seeded: Seeded, count: number): number => Math.floor(count ** seeded.next()) - 1;

export function fileNo(packageNo: number, versionNo: number) {
  const name = packageNo === 0 ? 'numpy' : `package-${packageNo}`;
  const version = `${1 + (versionNo >> 2)}.${versionNo & 3}.0`;
  const filename = `${name}-${version}-cp313-cp313-manylinux_2_28_x86_64.whl`;
  const sha256 = createHash('sha256').update(filename).digest('hex');
  return {
    ecosystem: packageNo % 3 === 1 ? ('conda' as const) : ('pypi' as const),
    name,
    version,
    filename,
    sha256,
  };
}

export class GeneratedSegments implements SegmentSource {
  readonly #rows: number;
  readonly #files = new Map<number, ReturnType<typeof fileNo>>();

  constructor(rows: number) {
    this.#rows = rows;
  }

  segments(): Promise<readonly SegmentInfo[]> {
    const count = Math.ceil(this.#rows / rowsPerSegment);
    return Promise.resolve(
      Array.from({ length: count }, (_, index) => ({
        name: `gatewayAAAAAAAAA.1.${index + 1}`,
        isClosed: true,
        sizeBytes: 8 << 20,
      })),
    );
  }

  // oxlint-disable-next-line require-await
  async *read({ name }: SegmentInfo): AsyncGenerator<SegmentBatch> {
    const no = Number(name.split('.')[2]);
    const seeded = new Seeded(no);
    const spanMs = (generated.days * dayMs) / Math.ceil(this.#rows / rowsPerSegment);
    let atMs = firstMs + (no - 1) * spanMs;
    const rows: (PlainRow & { who: number })[] = [];
    while (rows.length < rowsPerSegment) {
      this.#install(seeded, Math.floor(atMs), rows);
      atMs += (spanMs * 30 * 2 * seeded.next()) / rowsPerSegment;
    }
    const hourMs = Math.floor(atMs / 3_600_000) * 3_600_000;
    const counts = Array.from({ length: 400 }, () => ({
      hourMs,
      tokenId: tokenName(zipf(seeded, generated.tokens)),
      channelId: 'channel-1',
      allowed: seeded.below(60),
      denied: 0,
      failed: 0,
    }));
    yield { batch: 0, atMs: Math.floor(atMs), rows: rows.slice(0, rowsPerSegment), counts, dropped: [] };
  }

  #install(seeded: Seeded, startMs: number, into: (PlainRow & { who: number })[]): void {
    const token = zipf(seeded, generated.tokens);
    const isCi = token % 3 !== 0;
    let atMs = startMs;
    const common = {
      tokenId: tokenName(token),
      teamId: padded('team', token % generated.teams),
      environmentId: environmentName(token % generated.environments),
      channelId: token === generated.tokens - 9 ? rareChannel : `channel-${token % 4}`,
      client: clients[token % clients.length] ?? '',
      ...(isCi ? { ciProject: `group/project-${token % 500}`, ciJob: String(1e9 + seeded.below(1e9)) } : {}),
    };
    for (let left = 5 + seeded.below(50); left > 0; left -= 1) {
      atMs += seeded.below(400);
      const file = this.#file(zipf(seeded, generated.packages), Math.min(seeded.below(12), seeded.below(12)));
      const isRefused = seeded.chance(0.02);
      into.push({
        ...common,
        ...file,
        atMs,
        who: 0,
        kind: isRefused ? 'refusal' : seeded.chance(0.004) ? 'cut' : 'download',
        bytes: isRefused ? 0 : 10_000 + seeded.below(5_000_000),
        status: isRefused ? 403 : 200,
        ...(isRefused
          ? {
              cause: 'package.advisory' as never,
              policyName: `policy-${seeded.below(8)}`,
              decisionId: String(seeded.below(1e9)),
            }
          : { cache: seeded.chance(0.9) ? ('hit' as const) : ('fill' as const) }),
      });
    }
  }

  #file(packageNo: number, versionNo: number) {
    const key = packageNo * 16 + versionNo;
    const known = this.#files.get(key) ?? fileNo(packageNo, versionNo);
    this.#files.set(key, known);
    return known;
  }
}
