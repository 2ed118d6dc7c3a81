import { useState } from 'react';
import { Alert, Stack } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import type { IssuedToken } from '../../../shared/contract/token-views.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { exactTime } from '../../ui/format.ts';
import type { Loss } from '../../ui/overlay/overlay.tsx';
import { CloseOverlay, Overlay } from '../../ui/overlay/overlay.tsx';
import type { SeenOnce } from '../../ui/seen-once.ts';
import { useSeenOnce } from '../../ui/seen-once.ts';
import styles from './secret-once.module.css';
import { TestIssued } from './test-issued.tsx';
import { ExportView } from './export-view.tsx';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.secretOnce;

const notTaken: Loss = {
  title: words.closeWithoutCopying,
  text: words.nothingWasCopiedOr,
  discard: words.closeAnyway,
  keep: words.goBack,
};

/** The one time that a secret is seen. It lives in this component and goes with it. */
export function SecretOnce(props: { readonly issued: SeenOnce<IssuedToken>; readonly onClose: () => void }) {
  const { token, secret } = useSeenOnce(props.issued);
  const [taken, setTaken] = useState(false);
  const markTaken = () => setTaken(true);

  return (
    <Overlay
      size="xl"
      onClose={props.onClose}
      loss={taken ? undefined : notTaken}
      title={token.rotatedFrom === undefined ? words.tokenIssued : words.tokenRotated}
      foot={<CloseOverlay variant={taken ? 'filled' : 'default'}>{words.done}</CloseOverlay>}
    >
      <Stack gap="md">
        <p>
          {words.forWord}
          <strong>{token.holder.name}</strong>
          {words.inUntil(token.teamName, token.environmentName, exactTime(token.expiresAtMs))}
        </p>
        <div className={styles.secret}>
          <code aria-label={words.tokenSecret} data-testid="token-secret">
            {secret}
          </code>
          <CopyButton
            text={secret}
            what={words.token}
            label={words.copyToken}
            secret
            variant="filled"
            onCopied={markTaken}
          />
        </div>
        <Alert color="yellow" icon={<IconEyeOff size={18} />} p="sm">
          {words.thisIsTheOnly}
        </Alert>
        <TestIssued token={token} secret={secret} />
        <ExportView token={token} secret={secret} onTaken={markTaken} />
      </Stack>
    </Overlay>
  );
}
