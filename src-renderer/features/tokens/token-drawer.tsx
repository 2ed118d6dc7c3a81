import { useState } from 'react';
import { Button, Skeleton, Stack } from '@mantine/core';
import {
  IconBan,
  IconFileExport,
  IconHistory,
  IconPencil,
  IconPlugConnected,
  IconRotate,
} from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { tokenId } from '../../../shared/model/ids.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import { api } from '../../client/api.ts';
import { routeHash } from '../../state/route.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import layout from '../../ui/layout.module.css';
import text from '../../ui/text.module.css';
import { useNow } from '../../ui/use-now.ts';
import { EditTokenDialog } from './edit-token-dialog.tsx';
import { RenameHolderDialog } from './rename-holder-dialog.tsx';
import { TestTokenDialog } from './test-token-dialog.tsx';
import { TokenFacts } from './token-facts.tsx';
import { TokenUsageView } from './token-usage.tsx';
import { WhereUsed } from './where-used.tsx';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenPage;

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
  const [dialog, setDialog] = useState<'edit' | 'rename' | 'test'>();
  const canChange = token?.state === 'active' || token?.state === 'expiring';
  return (
    <Overlay
      kind="drawer"
      closesBeside
      onClose={props.onClose}
      title={token === undefined ? words.title : words.titleOf(token.holder.name)}
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
          <div className={layout.row}>
            <code className={cx(text.mono, text.large)}>lk-{token.id}</code>
            <CopyButton text={`lk-${token.id}`} what={words.id} label={words.copyId} />
          </div>
          <div className={layout.row}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconFileExport size={16} />}
              onClick={() => props.onExport(token)}
            >
              {words.exportConfig}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlugConnected size={16} />}
              onClick={() => setDialog('test')}
            >
              {words.test}
            </Button>
            <Button
              size="xs"
              variant="default"
              component="a"
              href={routeHash('activity', token.id)}
              leftSection={<IconHistory size={16} />}
            >
              {texts.activity.ofToken.open}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPencil size={16} />}
              disabled={!canChange}
              onClick={() => setDialog('edit')}
            >
              {words.edit}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRotate size={16} />}
              disabled={!canChange || token.rotatedTo !== undefined}
              onClick={() => props.onRotate(token)}
            >
              {words.rotate}
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
              {words.revoke}
            </Button>
          </div>
          <TokenFacts
            token={token}
            nowMs={nowMs}
            onRename={() => setDialog('rename')}
            onEdit={canChange ? () => setDialog('edit') : undefined}
          />
          <TokenUsageView usage={token.usage} nowMs={nowMs} />
          <WhereUsed token={token} />
          {dialog === 'test' && <TestTokenDialog token={token} onClose={() => setDialog(undefined)} />}
          {dialog === 'edit' && <EditTokenDialog token={token} onClose={() => setDialog(undefined)} />}
          {dialog === 'rename' && (
            <RenameHolderDialog holder={token.holder} onClose={() => setDialog(undefined)} />
          )}
        </Stack>
      )}
    </Overlay>
  );
}

/** What the drawer shows: the token itself, and the names of others. */
const shown = ['tokens', 'holders', 'teams', 'environments', 'channels', 'operators', 'usage'] as const;

function useToken(rawId: string) {
  const answer = useAnswer(
    rawId,
    async () => {
      const id = tokenId.safeParse(rawId);
      if (!id.success) throw new LatchkeyError('NOT_FOUND', ['tokenAddress']);
      return api.tokens.get({ id: id.data });
    },
    { causes: shown },
  );
  return { token: answer.value, error: answer.problem, reload: answer.retry };
}
