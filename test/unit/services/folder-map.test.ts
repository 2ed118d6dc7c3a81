import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openFolderMap } from '../../../src-main/services/folder-map.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

describe.skipIf(process.platform === 'win32')('folders.json that leads to itself', () => {
  it('maps nothing, is not replaced, and ends no process that follows it', () => {
    vi.useFakeTimers();
    try {
      const dir = tempDir();
      const path = join(dir, 'folders.json');
      const running = openFolderMap(dir);
      const told = vi.fn<() => void>();
      const end = running.onChange(told);
      symlinkSync(path, path);
      vi.advanceTimersByTime(3_000);
      expect(told).toHaveBeenCalledTimes(1);
      expect(running.entries()).toEqual([]);
      const started = openFolderMap(dir);
      expect(started.pathOf('wheels')).toBeUndefined();
      expect(() => started.map('wheels', dir)).toThrow(
        expect.objectContaining({ code: 'FILE_NOT_READABLE' }),
      );
      rmSync(path);
      started.map('wheels', dir);
      expect(running.pathOf('wheels')).toBe(dir);
      end();
    } finally {
      vi.useRealTimers();
    }
  });
});
