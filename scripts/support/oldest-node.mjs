// The oldest Node that Latchkey runs on, from package.json; nothing here is newer than ten years, as an old Node reads it.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** As `20.18.1`. */
export const oldestNode = engines.node.replace('>=', '');

/** Statements that end an older Node with one sentence, in words that any Node reads. */
export function oldNodeCheck(program) {
  return (
    `var v=process.versions.node.split('.').map(Number),o=${JSON.stringify(oldestNode.split('.').map(Number))};` +
    `if(v[0]<o[0]||(v[0]===o[0]&&(v[1]<o[1]||(v[1]===o[1]&&v[2]<o[2])))){` +
    `process.stderr.write(${JSON.stringify(`${program} needs Node ${oldestNode} or later; this is `)}+process.version+'.\\n');process.exit(1);}`
  );
}
