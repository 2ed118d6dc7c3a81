/** Small segments that a number repeats, over the end of a month: what two processes see alike, without a file. */
import type {
  SegmentBatch,
  SegmentInfo,
  SegmentSource,
} from '../../src-main/request-log/store/segment-source.ts';
import { Seeded } from './seeded.ts';

export const rowsPerSegment = 40;
const start = Date.UTC(2026, 9, 31, 12);
const hourMs = 3_600_000;

export class SmallSegments implements SegmentSource {
  /** From the first on. */
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  segments(): Promise<readonly SegmentInfo[]> {
    return Promise.resolve(
      Array.from({ length: this.#count }, (_, index) => ({
        name: `gateway.1.${index}`,
        isClosed: true,
        sizeBytes: 1,
      })),
    );
  }

  // oxlint-disable-next-line require-await
  async *read({ name }: SegmentInfo): AsyncGenerator<SegmentBatch> {
    const seeded = new Seeded(Number(name.split('.')[2]));
    const rows = Array.from({ length: rowsPerSegment }, (_, who) => {
      const no = seeded.below(20);
      return {
        atMs: start + seeded.below(24 * hourMs),
        kind: seeded.chance(0.1) ? ('refusal' as const) : ('download' as const),
        tokenId: `token-${seeded.below(5)}`,
        teamId: `team-${seeded.below(2)}`,
        environmentId: `environment-${seeded.below(2)}`,
        ecosystem: 'pypi' as const,
        name: `package-${no}`,
        version: '1',
        filename: `package-${no}-1.whl`,
        bytes: seeded.below(1000),
        status: 200,
        client: 'pip/26.3',
        who,
      };
    });
    const count = {
      hourMs: start,
      tokenId: 'token-1',
      channelId: 'channel-1',
      allowed: 1,
      denied: 0,
      failed: 0,
    };
    yield { batch: 0, atMs: start, rows, counts: [count], dropped: [{ rows: 1 }] };
  }
}
