import { Tooltip } from '@mantine/core';
import { exactTime, relativeTime } from './format.ts';

/** "in 3 days", with the exact time on hover. */
export function RelativeTime({ atMs, nowMs }: { readonly atMs: number; readonly nowMs: number }) {
  return (
    <Tooltip label={exactTime(atMs)}>
      <time dateTime={new Date(atMs).toISOString()}>{relativeTime(atMs, nowMs)}</time>
    </Tooltip>
  );
}
