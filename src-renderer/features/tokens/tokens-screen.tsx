import { useState } from 'react';
import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import type { IssuedToken, TokenView } from '../../../shared/contract/token-views.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { useTokens } from '../../state/tokens.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Page } from '../../ui/page.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { IssueDrawer } from './issue-drawer.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { SecretOnce } from './secret-once.tsx';
import { TokenDrawer } from './token-drawer.tsx';
import { TokenTable } from './token-table.tsx';
import { TokenToolbar } from './token-toolbar.tsx';

/** What is open over the list. The secret of `issued` lives here and nowhere else, until the view is closed. */
type Overlay =
  | { readonly kind: 'none' }
  | { readonly kind: 'revoke'; readonly tokens: readonly TokenView[] }
  | { readonly kind: 'rotate'; readonly token: TokenView }
  | { readonly kind: 'export'; readonly token: TokenView }
  | { readonly kind: 'issued'; readonly issued: IssuedToken };
const nothing: Overlay = { kind: 'none' };

/** All tokens: find, issue, look into, rotate, revoke. */
export function TokensScreen() {
  const problem = useTokens((state) => state.problem);
  const refresh = useTokens((state) => state.refresh);
  const open = useRoute((route) => route.open);
  const [overlay, setOverlay] = useState<Overlay>(nothing);
  const close = () => setOverlay(nothing);
  const showIssued = (issued: IssuedToken) => {
    navigate('tokens');
    setOverlay({ kind: 'issued', issued });
  };

  return (
    <Page
      title="Tokens"
      lead="Who may install, from which channels, in which environment, until when."
      fill
      action={
        <Button leftSection={<IconKey size={17} />} onClick={() => navigate('tokens', 'new')}>
          Issue token
        </Button>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={() => void refresh()} />}
      <div className="lk-card lk-fill" style={{ overflow: 'hidden' }}>
        <TokenToolbar onRevoke={(tokens) => setOverlay({ kind: 'revoke', tokens })} />
        <TokenTable />
      </div>
      {open === 'new' && <IssueDrawer onIssued={showIssued} onClose={() => navigate('tokens')} />}
      {open !== undefined && open !== 'new' && (
        <TokenDrawer
          key={open}
          id={open}
          onRotate={(token) => setOverlay({ kind: 'rotate', token })}
          onRevoke={(token) => setOverlay({ kind: 'revoke', tokens: [token] })}
          onExport={(token) => setOverlay({ kind: 'export', token })}
          onClose={() => navigate('tokens')}
        />
      )}
      {overlay.kind === 'revoke' && <RevokeDialog tokens={overlay.tokens} onClose={close} />}
      {overlay.kind === 'rotate' && (
        <RotateDialog token={overlay.token} onRotated={showIssued} onClose={close} />
      )}
      {overlay.kind === 'export' && <ExportDialog token={overlay.token} onClose={close} />}
      {overlay.kind === 'issued' && <SecretOnce issued={overlay.issued} onClose={close} />}
    </Page>
  );
}
