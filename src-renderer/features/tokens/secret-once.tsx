import { useState } from 'react';
import { Alert, Button, Stack } from '@mantine/core';
import { LayerModal } from '../../ui/layered.tsx';
import { IconEyeOff } from '@tabler/icons-react';
import type { IssuedToken } from '../../../shared/contract/token-views.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { exactTime } from '../../ui/format.ts';
import { TestIssued } from './test-issued.tsx';
import { ExportView } from './export-view.tsx';

/** The one time that a secret is seen. It lives in this component's props and goes with it. */
export function SecretOnce(props: { readonly issued: IssuedToken; readonly onClose: () => void }) {
  const { token, secret } = props.issued;
  const [taken, setTaken] = useState(false);
  const [asking, setAsking] = useState(false);
  const close = () => (taken ? props.onClose() : setAsking(true));
  const markTaken = () => setTaken(true);

  return (
    <LayerModal
      opened
      size={940}
      zIndex={210}
      closeOnClickOutside={false}
      onClose={close}
      title={token.rotatedFrom === undefined ? 'Token issued' : 'Token rotated'}
    >
      <Stack gap="md">
        <p>
          For <strong>{token.holder.name}</strong>, {token.teamName} in {token.environmentName}, until{' '}
          {exactTime(token.expiresAtMs)}.
        </p>
        <div className="lk-secret">
          <code aria-label="Token secret" data-testid="token-secret">
            {secret}
          </code>
          <CopyButton
            text={secret}
            what="token"
            label="Copy token"
            secret
            variant="filled"
            onCopied={markTaken}
          />
        </div>
        <Alert color="yellow" icon={<IconEyeOff size={18} />} p="sm">
          This is the only time that the token is shown. Latchkey keeps a fingerprint of it, not the token
          itself.
        </Alert>
        <TestIssued token={token} secret={secret} />
        <ExportView token={token} secret={secret} onTaken={markTaken} />
      </Stack>
      <div className="lk-form-foot">
        <Button variant={taken ? 'filled' : 'default'} onClick={close}>
          Done
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          title="Close without copying?"
          confirm="Close anyway"
          cancel="Go back"
          zIndex={330}
          onConfirm={props.onClose}
          onClose={() => setAsking(false)}
        >
          <p>
            Nothing was copied or saved yet, and the token cannot be shown again. You would have to rotate it.
          </p>
        </ConfirmDialog>
      )}
    </LayerModal>
  );
}
