/** A change of policies as clients see it, through a gateway in its own process, while others ask it whether it is there. */
import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { FactsFile } from '../../../src-main/curation/knowledge-data.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { newToken } from '../../../src-main/tokens/format.ts';
import { gatewayMemory } from '../../../src-main/hosts/fork-gateway.ts';
import { answerOf, startServer, startServerWith } from '../children.ts';
import type { GatewaySetup } from '../gateway-bundle.ts';
import { print } from '../print.ts';
import { explained } from './explain.ts';
import { benchPolicies } from './policies.ts';
import { benchSubdir } from './repodata.ts';

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);
const probeEveryMs = 5;

/** The server as it is shipped: in one file, with the workers' beside it. What takes types off takes memory too. */
async function bundled(dir: string): Promise<string> {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
    define: { __LATCHKEY_VERSION__: '"bench"' },
  } as const;
  const files = `import{fileURLToPath as toPath}from"node:url";const __filename=toPath(import.meta.url);const __dirname=__filename.slice(0,__filename.lastIndexOf("/"));`;
  await Promise.all([
    build({
      ...common,
      entryPoints: ['test/bench/gateway-server.ts'],
      format: 'esm',
      outfile: join(dir, 'gateway-server.mjs'),
      banner: {
        js: `import{createRequire}from"node:module";const require=createRequire(import.meta.url);${files}`,
      },
    }),
    build({
      ...common,
      entryPoints: ['src-main/gateway/documents/worker.ts'],
      format: 'cjs',
      outfile: join(dir, 'document-worker.cjs'),
      banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
      define: { ...common.define, 'import.meta.url': 'bundleUrl' },
    }),
  ]);
  return pathToFileURL(join(dir, 'gateway-server.mjs')).href;
}

/** @param dir for what is made */
export async function throughGateway(
  dir: string,
  indexPath: string,
  indexBytes: number,
  records: number,
  facts: FactsFile,
): Promise<void> {
  const upstream = await startServer('./index/upstream.ts', indexPath);
  const { token } = newToken((count) => randomBytes(count));
  const url = `http://127.0.0.1:${upstream.port}`;
  const setup: GatewaySetup = { token, facts, channels: [{ name: 'remote', kind: 'conda', url }] };
  const gateway = await startServerWith(gatewayMemory, await bundled(dir), JSON.stringify(setup));
  const authorization = `Basic ${Buffer.from(`token:${token}`).toString('base64')}`;
  const ask = (path: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization, 'accept-encoding': 'identity' };
      get({ port: gateway.port, path, headers }, (answer) => {
        let bytes = 0;
        if (answer.statusCode !== 200) reject(new Error(`HTTP ${answer.statusCode} of ${path}`));
        answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
        answer.on('end', () => resolve(bytes));
        answer.on('error', reject);
      }).on('error', reject);
    });
  const enforce = async (policies: readonly Policy[]): Promise<void> => {
    gateway.child.send({ policies });
    await answerOf(gateway.child);
  };
  const path = `/conda/remote/${benchSubdir}/repodata.json`;
  const measure = async (what: string, goal: string, work: () => Promise<number>): Promise<void> => {
    gateway.child.send('reset');
    await answerOf(gateway.child);
    const latencies: number[] = [];
    let isDone = false;
    const probing = (async () => {
      while (!isDone) {
        const startedAt = performance.now();
        await ask('/healthz');
        latencies.push(performance.now() - startedAt);
        await new Promise((resolve) => setTimeout(resolve, probeEveryMs));
      }
    })();
    const startedAt = performance.now();
    const bytes = await work();
    const seconds = (performance.now() - startedAt) / 1000;
    isDone = true;
    await probing;
    gateway.child.send('loop');
    const { loopP99Ms, peakRss } = await answerOf<{ loopP99Ms: number; peakRss: number }>(gateway.child);
    const p99 = latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? 0;
    print(
      what,
      `${seconds.toFixed(2)} s`,
      goal,
      `${mb(bytes)} MB`,
      `${(peakRss / indexBytes).toFixed(2)} x`,
      `healthz p99 ${p99.toFixed(0)} ms, loop p99 ${loopP99Ms.toFixed(0)} ms`,
    );
  };
  console.log('\nThrough a gateway, to the last byte that the client has');
  print('', 'takes', 'goal', 'answer', 'memory', '(of the index; goal 2 x)');
  await measure('read from the upstream, no policies', '', () => ask(`${path}.zst`));
  const change = (choice: 'first' | 'second', suffix: string) => async (): Promise<number> => {
    await enforce(benchPolicies(records, choice));
    return await ask(`${path}${suffix}`);
  };
  await measure('the first policies, plain', '', change('first', ''));
  await measure('a change of policies, plain', '<= 2 s', change('second', ''));
  await measure('a change of policies, .zst', '<= 3 s', change('first', '.zst'));
  await measure('the same again, plain', '', () => ask(path));
  await measure('the same again, .zst', '', () => ask(`${path}.zst`));
  await explained(gateway.child, records);
}
