import { useMemoryForTemp } from './memory-folder.ts';
import { usePrivateStateDir } from './private-state-dir.ts';

/** Once per run of the unit tests; workers inherit the environment. */
export default function setup(): () => void {
  const removeTemp = useMemoryForTemp();
  const removeStateDir = usePrivateStateDir();
  return () => {
    removeStateDir();
    removeTemp();
  };
}
