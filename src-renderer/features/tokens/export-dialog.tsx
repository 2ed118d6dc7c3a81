import { Alert, Stack } from '@mantine/core';
import { LayerModal } from '../../ui/layered.tsx';
import { IconInfoCircle } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { ExportView } from './export-view.tsx';

/** Configs later on, when nobody has the secret: with a placeholder in its place. */
export function ExportDialog(props: { readonly token: TokenView; readonly onClose: () => void }) {
  return (
    <LayerModal
      opened
      size={940}
      zIndex={210}
      title={`Export config of lk-${props.token.id}`}
      onClose={props.onClose}
    >
      <Stack gap="md">
        <Alert color="latch" icon={<IconInfoCircle size={18} />} p="sm">
          The secret was shown once and is not stored. Where a file needs it, a placeholder stands: put the
          holder’s token there, or rotate to get a new one.
        </Alert>
        <ExportView token={props.token} />
      </Stack>
    </LayerModal>
  );
}
