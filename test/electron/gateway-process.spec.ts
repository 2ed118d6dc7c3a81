/** The gateway in Electron's utility process. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, must, setUp, test } from './support/app-fixture.ts';

type View = { running: boolean; port: number; problem?: string; baseUrl: string };

/** Processes whose parent chain leads to `root`, and what they were started as. */
function processesOf(root: number): { pid: number; command: string }[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
      } catch {
        return [];
      }
    });
  const found = new Set([root]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

const gatewayOf = (root: number): number | undefined =>
  processesOf(root).find(({ command }) => command.includes('node.mojom.NodeService'))?.pid;
const isAlive = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};
const statusOf = async (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

test.skip(process.platform !== 'linux', 'reads /proc');

test('the gateway is a process of its own, started again alone when it dies, and ends with the app', async ({
  launch,
}) => {
  const { app, page } = await launch();
  await setUp(page);
  const settings = await must(page, 'settings.get');
  await must(page, 'settings.set', { ...settings, gateway: { autoStart: false, port: 0 } });
  const root = app.process().pid!;
  await must(page, 'gateway.stop');
  expect(gatewayOf(root)).toBeUndefined();
  const started = await must<View>(page, 'gateway.start');
  expect(await statusOf(`${started.baseUrl}/healthz`)).toBe(200);
  const first = gatewayOf(root)!;
  expect(first).toBeDefined();

  process.kill(first, 'SIGKILL');
  await expect.poll(() => gatewayOf(root)).not.toBe(first);
  await expect.poll(() => statusOf(`${started.baseUrl}/healthz`)).toBe(200);
  expect(await must<View>(page, 'gateway.status')).toMatchObject({ running: true, port: started.port });
  const second = gatewayOf(root)!;

  // Nobody is there to say goodbye.
  process.kill(root, 'SIGKILL');
  await expect.poll(() => isAlive(second)).toBe(false);
});
