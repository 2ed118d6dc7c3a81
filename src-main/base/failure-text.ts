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
    .map((line) => line.replace(/(?:file:\/\/)?[^\s()]*[/\\]/, ''));
  return `${error.name}${code}${frames.length === 0 ? '' : ` (${frames.join(', ')})`}`;
}
