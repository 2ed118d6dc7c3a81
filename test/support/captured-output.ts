import { beforeEach, vi } from 'vitest';

/** What a test’s code writes to the terminal, kept from it and emptied before each test. */
export function captureOutput(): { stdout: string; stderr: string } {
  const written = { stdout: '', stderr: '' };
  beforeEach(() => {
    Object.assign(written, { stdout: '', stderr: '' });
    for (const name of ['stdout', 'stderr'] as const) {
      vi.spyOn(process[name], 'write').mockImplementation((text) => {
        written[name] += String(text);
        return true;
      });
    }
  });
  return written;
}
