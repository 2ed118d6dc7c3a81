import { Tooltip } from '@mantine/core';
import { texts } from '../../shared/texts/texts.ts';
import { exactTime } from './format.ts';
import { useNow } from './use-now.ts';

/** When a token ends, or what ended it: "in 90 days", "revoked 2 hours ago"; the exact time on hover. */
export function TokenEnd({ token }: { readonly token: Parameters<typeof texts.tokens.end>[0] }) {
  const nowMs = useNow();
  const atMs = token.revoked?.atMs ?? token.expiresAtMs;
  return (
    <Tooltip label={exactTime(atMs)}>
      <time dateTime={new Date(atMs).toISOString()}>{texts.tokens.end(token, nowMs)}</time>
    </Tooltip>
  );
}
