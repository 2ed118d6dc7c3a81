import { useEffect, useState } from 'react';
import { Button, Skeleton, Stack } from '@mantine/core';
import { LayerDrawer } from '../../ui/layered.tsx';
import { IconBan, IconFileExport, IconRotate } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/views.ts';
import { tokenId } from '../../../shared/model/ids.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import { api } from '../../client/api.ts';
import { navigate } from '../../state/route.ts';
import { useTokens } from '../../state/tokens.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { useNow } from '../../ui/use-now.ts';
import { TokenFacts } from './token-facts.tsx';
import { TokenUsageView } from './token-usage.tsx';

/** Everything about one token, and what can be done with it. */
export function TokenDrawer(props: {
  readonly id: string;
  readonly onRotate: (token: TokenView) => void;
  readonly onRevoke: (token: TokenView) => void;
  readonly onExport: (token: TokenView) => void;
  readonly onClose: () => void;
}) {
  const { token, error, reload } = useToken(props.id);
  const nowMs = useNow();
  const canChange = token?.state === 'active' || token?.state === 'expiring';
  return (
    <LayerDrawer
      opened
      onClose={props.onClose}
      size={520}
      title={token === undefined ? 'Token' : `Token of ${token.holder.name}`}
    >
      {error !== undefined && <ErrorAlert error={error} onRetry={reload} />}
      {token === undefined && error === undefined && (
        <Stack gap="sm" aria-busy="true">
          {[70, 55, 80, 40, 62, 50].map((width) => (
            <Skeleton key={width} height={13} width={`${width}%`} />
          ))}
        </Stack>
      )}
      {token && (
        <Stack gap="lg">
          <div style={{ display: 'flex', alignItems: 'center', gap: 10 }}>
            <code className="lk-mono" style={{ fontSize: '0.9375rem' }}>
              lk-{token.id}
            </code>
            <CopyButton text={`lk-${token.id}`} what="token id" label="Copy id" />
          </div>
          <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconFileExport size={16} />}
              onClick={() => props.onExport(token)}
            >
              Export config…
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRotate size={16} />}
              disabled={!canChange || token.rotatedTo !== undefined}
              onClick={() => props.onRotate(token)}
            >
              Rotate…
            </Button>
            <Button
              size="xs"
              variant="light"
              color="red"
              ml="auto"
              leftSection={<IconBan size={16} />}
              disabled={token.state === 'revoked'}
              onClick={() => props.onRevoke(token)}
            >
              Revoke…
            </Button>
          </div>
          <TokenFacts token={token} nowMs={nowMs} onOpen={(id) => navigate('tokens', id)} />
          <TokenUsageView usage={token.usage} nowMs={nowMs} />
        </Stack>
      )}
    </LayerDrawer>
  );
}

/** Loads one token, and reloads it whenever the list was reloaded (which follows every change of the vault). */
function useToken(rawId: string) {
  const [token, setToken] = useState<TokenView>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const pages = useTokens((state) => state.pages);
  useEffect(() => {
    let current = true;
    const id = tokenId.safeParse(rawId);
    const loading = id.success
      ? api.tokens.get({ id: id.data })
      : Promise.reject(new LatchkeyError('NOT_FOUND', 'This address does not name a token.'));
    loading.then(
      (found) => {
        if (!current) return;
        setToken(found);
        setError(undefined);
      },
      (caught: unknown) => {
        if (current) setError(caught);
      },
    );
    return () => {
      current = false;
    };
  }, [rawId, attempt, pages]);
  return { token, error, reload: () => setAttempt((count) => count + 1) };
}
