import { Tooltip } from '@mantine/core';
import { exactTime, relativeTime } from './format.ts';
import { useNow } from './use-now.ts';

/** "in 3 days", with the exact time on hover. */
export function RelativeTime({ atMs, nowMs }: { readonly atMs: number; readonly nowMs: number }) {
  return (
    <Tooltip label={exactTime(atMs)}>
      <time dateTime={new Date(atMs).toISOString()}>{relativeTime(atMs, nowMs)}</time>
    </Tooltip>
  );
}

/** The same, as time goes by. */
export function When({ atMs }: { readonly atMs: number }) {
  return <RelativeTime atMs={atMs} nowMs={useNow()} />;
}
