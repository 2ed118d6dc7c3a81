import { useState } from 'react';
import { Alert, Stack } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import type { IssuedToken } from '../../../shared/contract/token-views.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { exactTime } from '../../ui/format.ts';
import type { Loss } from '../../ui/overlay/overlay.tsx';
import { CloseOverlay, Overlay } from '../../ui/overlay/overlay.tsx';
import styles from './secret-once.module.css';
import { TestIssued } from './test-issued.tsx';
import { ExportView } from './export-view.tsx';

const notTaken: Loss = {
  title: 'Close without copying?',
  text: 'Nothing was copied or saved yet, and the token cannot be shown again. You would have to rotate it.',
  discard: 'Close anyway',
  keep: 'Go back',
};

/** The one time that a secret is seen. It lives in this component's props and goes with it. */
export function SecretOnce(props: { readonly issued: IssuedToken; readonly onClose: () => void }) {
  const { token, secret } = props.issued;
  const [taken, setTaken] = useState(false);
  const markTaken = () => setTaken(true);

  return (
    <Overlay
      size="xl"
      onClose={props.onClose}
      loss={taken ? undefined : notTaken}
      title={token.rotatedFrom === undefined ? 'Token issued' : 'Token rotated'}
      foot={<CloseOverlay variant={taken ? 'filled' : 'default'}>Done</CloseOverlay>}
    >
      <Stack gap="md">
        <p>
          For <strong>{token.holder.name}</strong>, {token.teamName} in {token.environmentName}, until{' '}
          {exactTime(token.expiresAtMs)}.
        </p>
        <div className={styles.secret}>
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
    </Overlay>
  );
}
