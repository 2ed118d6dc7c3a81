/** `vi.waitFor` waits as long as a test may: a second, its own default, is a measure of how busy the machine is. */
import { vi } from 'vitest';

const patienceMs = 20_000;
const { waitFor } = vi;
vi.waitFor = (callback, options = {}) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: patienceMs, ...options });
