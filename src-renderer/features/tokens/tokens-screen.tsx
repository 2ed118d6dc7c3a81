import { useRef, useState } from 'react';
import { IconKey } from '@tabler/icons-react';
import type { BulkOutcome, TokenSelection } from '../../../shared/contract/bulk-views.ts';
import type { IssuedToken, TokenView } from '../../../shared/contract/token-views.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { selectionOf, useTokens } from '../../state/tokens.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { noSelection } from '../../ui/table/selection.ts';
import { Page } from '../../ui/page.tsx';
import type { SeenOnce } from '../../ui/seen-once.ts';
import { seenOnce } from '../../ui/seen-once.ts';
import { NewButton } from '../lists/new-button.tsx';
import { BulkDialog } from './bulk-dialog.tsx';
import type { ActType } from './bulk-form.ts';
import { BulkIssued } from './bulk-issued.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { IssueDrawer } from './issue-drawer.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { SecretOnce } from './secret-once.tsx';
import { TokenDrawer } from './token-drawer.tsx';
import { TokenTable } from './token-table.tsx';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenTable;

/** What is open over the list. Secrets live in their boxes and nowhere else, until the view is closed. */
type Overlay =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'act';
      readonly act: ActType;
      readonly selection: TokenSelection;
      readonly name?: string;
    }
  | { readonly kind: 'rotated'; readonly outcome: SeenOnce<BulkOutcome> }
  | { readonly kind: 'rotate'; readonly token: TokenView }
  | { readonly kind: 'export'; readonly token: TokenView }
  | { readonly kind: 'issued'; readonly issued: SeenOnce<IssuedToken> };
const nothing: Overlay = { kind: 'none' };

/** All tokens: find, issue, look into, rotate, revoke. */
export function TokensScreen() {
  const problem = useTokens((state) => state.problem);
  const refresh = useTokens((state) => state.refresh);
  const open = useRoute((route) => route.open);
  const [overlay, setOverlay] = useState<Overlay>(nothing);
  /** What stands here when the dialog of an act has closed. */
  const done = useRef<Overlay>(nothing);
  const close = () => setOverlay(nothing);
  const showIssued = (issued: IssuedToken) => {
    navigate('tokens');
    setOverlay({ kind: 'issued', issued: seenOnce(issued) });
  };

  return (
    <Page
      title={texts.navigation.tokens}
      lead={words.lead}
      fill
      action={
        <NewButton icon={<IconKey size={17} />} onClick={() => navigate('tokens', 'new')}>
          {words.issue}
        </NewButton>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={() => void refresh()} />}
      <TokenTable
        onAct={(act) => {
          const { picked, filter } = useTokens.getState();
          setOverlay({ kind: 'act', act, selection: selectionOf(picked, filter) });
        }}
      />
      {open === 'new' && <IssueDrawer onIssued={showIssued} onClose={() => navigate('tokens')} />}
      {open !== undefined && open !== 'new' && (
        <TokenDrawer
          key={open}
          id={open}
          onRotate={(token) => setOverlay({ kind: 'rotate', token })}
          onRevoke={({ id }) =>
            setOverlay({
              kind: 'act',
              act: 'revoke',
              selection: { by: 'ids', ids: [id] },
              name: `lk-${id}`,
            })
          }
          onExport={(token) => setOverlay({ kind: 'export', token })}
          onClose={() => navigate('tokens')}
        />
      )}
      {overlay.kind === 'act' && (
        <BulkDialog
          type={overlay.act}
          selection={overlay.selection}
          {...(overlay.name === undefined ? {} : { name: overlay.name })}
          onDone={(outcome) => {
            if (overlay.name === undefined) useTokens.getState().pick(noSelection);
            done.current =
              outcome.issued.length > 0 ? { kind: 'rotated', outcome: seenOnce(outcome) } : nothing;
          }}
          onClose={() => {
            setOverlay(done.current);
            done.current = nothing;
          }}
        />
      )}
      {overlay.kind === 'rotated' && <BulkIssued outcome={overlay.outcome} onClose={close} />}
      {overlay.kind === 'rotate' && (
        <RotateDialog token={overlay.token} onRotated={showIssued} onClose={close} />
      )}
      {overlay.kind === 'export' && <ExportDialog token={overlay.token} onClose={close} />}
      {overlay.kind === 'issued' && <SecretOnce issued={overlay.issued} onClose={close} />}
    </Page>
  );
}
