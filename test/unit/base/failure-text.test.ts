import { expect, test } from 'vitest';
import { failureText } from '../../../src-main/base/failure-text.ts';

function failing(frames: readonly string[]): Error {
  const error = new TypeError('a secret');
  error.stack = ['TypeError: a secret', ...frames.map((frame) => `    ${frame}`)].join('\n');
  return error;
}

test('names the failure and the files it came through, without message or folders', () => {
  const text = failureText(
    failing([
      'at run (file:///home/ada b/app/door.js:1:2)',
      'at file:///home/ada/app/main.js:3:4',
      String.raw`at async work (C:\Users\ada (x)\app\cli.js:5:6)`,
      'at node:internal:7:8',
    ]),
  );
  expect(text).toBe(
    'TypeError (at run (door.js:1:2), at main.js:3:4, at async work (cli.js:5:6), at node:internal:7:8)',
  );
});
