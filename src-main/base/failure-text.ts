const codeShape = /^[A-Z0-9_]{1,40}$/;
const shownFrames = 4;

/**
 * What and where a failure is, for a log: names, codes and places of it and its causes. Never a message: it may quote an
 * input, a URL with credentials or a path of somebody's computer.
 */
export function failureText(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  // A chain of causes may be circular.
  for (let depth = 0; depth < 4 && current !== undefined; depth += 1) {
    parts.push(oneText(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  return parts.join(' because of ');
}

function oneText(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code =
    'code' in error && typeof error.code === 'string' && codeShape.test(error.code) ? ` ${error.code}` : '';
  const frames = (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, shownFrames)
    // Files by their names: folders are this computer's.
    .map(withoutFolder);
  return `${error.name}${code}${frames.length === 0 ? '' : ` (${frames.join(', ')})`}`;
}

/** `at run (file:///a/b/c.js:1:2)` → `at run (c.js:1:2)`, `at file:///a/b/c.js:1:2` → `at c.js:1:2`. */
function withoutFolder(frame: string): string {
  const nameAt = Math.max(frame.lastIndexOf('/'), frame.lastIndexOf('\\')) + 1;
  if (nameAt === 0) return frame;
  const placeAt = frame.indexOf(' (');
  return frame.slice(0, placeAt === -1 ? 'at '.length : placeAt + 2) + frame.slice(nameAt);
}
