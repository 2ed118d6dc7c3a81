import { get } from 'node:http';
import { packageBytes } from './data.ts';
import type { BenchGateway } from './gateway.ts';

/** Downloads and throws away; samples the gateway's resident memory meanwhile. */
export async function download(
  gateway: BenchGateway,
  url: string,
  authorization: string,
): Promise<{ seconds: number; grownBytes: number }> {
  const before = gateway.rssBytes();
  let peak = before;
  let isDone = false;
  const sampling = (async () => {
    while (!isDone) {
      peak = Math.max(peak, gateway.rssBytes());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const startedAt = performance.now();
  const received = await new Promise<number>((resolve, reject) => {
    get(url, { headers: { authorization } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.on('end', () => resolve(bytes));
      answer.on('error', reject);
    }).on('error', reject);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  isDone = true;
  await sampling;
  if (received !== packageBytes) throw new Error(`${received} bytes came instead of ${packageBytes}.`);
  return { seconds, grownBytes: peak - before };
}
