import { usePrivateStateDir } from './private-state-dir.ts';

/** Once per run of vitest or Playwright; workers inherit the environment. */
export default function setup(): () => void {
  return usePrivateStateDir();
}
