import { useCompileCache } from '../support/compile-cache.ts';
import { useMemoryForTemp } from '../support/memory-folder.ts';
import { usePrivateStateDir } from '../support/private-state-dir.ts';

/** Once per run of the unit tests; workers inherit the environment. */
export default function setup(): () => void {
  const removeTemp = useMemoryForTemp();
  const removeCache = useCompileCache();
  const removeStateDir = usePrivateStateDir();
  return () => {
    removeStateDir();
    removeCache();
    removeTemp();
  };
}
