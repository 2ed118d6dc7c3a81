import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { oldNodeCheck, oldestNode } from '../../../scripts/support/oldest-node.mjs';

const start = (version: string) => {
  const said: string[] = [];
  let code: number | undefined;
  const process = {
    version: `v${version}`,
    versions: { node: version },
    stderr: { write: (text: string) => said.push(text) },
    exit: (given: number) => (code = given),
  };
  runInNewContext(oldNodeCheck('Latchkey'), { process });
  return { said: said.join(''), code };
};

it.each(['4.9.1', '16.20.2', '18.20.8', '20.9.0', '20.18.0'])(
  'Node %s is told in one sentence',
  (version) => {
    expect(start(version)).toEqual({
      said: `Latchkey needs Node ${oldestNode} or later; this is v${version}.\n`,
      code: 1,
    });
  },
);

it.each(['20.18.1', '20.20.2', '22.0.0', '24.21.0', '100.0.0'])('Node %s is taken', (version) => {
  expect(start(version)).toEqual({ said: '', code: undefined });
});

const root = join(import.meta.dirname, '..', '..', '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** What is imported statically is read before anything is said, and an old Node may not even be able to read it. */
it.each(['start', 'test', 'check', 'bench', 'soak', 'build', 'dist', 'dist:cli', 'docs', 'gallery'])(
  'npm run %s asks for the Node first, and imports the rest late',
  (name) => {
    const file = /^node (\S+\.mjs)/.exec(scripts[name] ?? '')?.[1] ?? '';
    const imported = readFileSync(join(root, file), 'utf8').match(/^import .*$/gm);
    expect(imported).toEqual(["import './support/require-node.mjs';"]);
  },
);

/** A process that is this old as far as it can tell; whatever is too new for it would be run, and say more. */
it.each(['start', 'test', 'docs', 'build'])(
  'npm run %s on Node 18 says one sentence and does nothing',
  (name) => {
    const old = `data:text/javascript,Object.defineProperties(process,{version:{value:'v18.20.8'},versions:{value:{...process.versions,node:'18.20.8'}}})`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', old, join(root, 'scripts', `${name}.mjs`)],
      { encoding: 'utf8' },
    );
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: `Latchkey needs Node ${oldestNode} or later; this is v18.20.8.\n`,
    });
  },
);
