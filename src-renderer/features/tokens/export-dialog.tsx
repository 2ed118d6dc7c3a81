import { Alert, Stack } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import { ExportView } from './export-view.tsx';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.exportDialog;

/** Configs later on, when nobody has the secret: with a placeholder in its place. */
export function ExportDialog(props: { readonly token: TokenView; readonly onClose: () => void }) {
  return (
    <Overlay size="xl" closesBeside title={words.exportConfigOfLk(props.token.id)} onClose={props.onClose}>
      <Stack gap="md">
        <Alert color="latch" icon={<IconInfoCircle size={18} />} p="sm">
          {words.theSecretWasShown}
        </Alert>
        <ExportView token={props.token} />
      </Stack>
    </Overlay>
  );
}
