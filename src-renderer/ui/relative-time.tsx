import { useState } from 'react';
import { Tooltip } from '@mantine/core';
import { exactTime, relativeTime } from './format.ts';
import { useNow } from './use-now.ts';

/** "in 3 days", with the exact time on hover. */
export function RelativeTime({ atMs, nowMs }: { readonly atMs: number; readonly nowMs: number }) {
  // Made when the pointer first comes: lists have hundreds of times, and a tooltip costs more than the rest of a row.
  const [isNear, setNear] = useState(false);
  const time = (
    <time dateTime={new Date(atMs).toISOString()} onPointerEnter={() => setNear(true)}>
      {relativeTime(atMs, nowMs)}
    </time>
  );
  return isNear ? <Tooltip label={exactTime(atMs)}>{time}</Tooltip> : time;
}

/** The same, as time goes by. */
export function When({ atMs }: { readonly atMs: number }) {
  return <RelativeTime atMs={atMs} nowMs={useNow()} />;
}
