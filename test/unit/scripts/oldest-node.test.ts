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
