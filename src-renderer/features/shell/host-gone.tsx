import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import { useConnection } from '../../state/connection.ts';
import { useSession } from '../../state/session.ts';

/** The program behind this page was ended: nothing here works until it is started again. */
export function HostGone() {
  const isReachable = useConnection((state) => state.isReachable);
  const kind = useSession((state) => state.host?.kind);
  if (isReachable) return null;
  const words = texts.parts.hostGone;
  return (
    <Alert role="alert" color="red" icon={<IconPlugConnectedX size={18} />} title={`${words.title}.`}>
      {kind === 'electron' ? words.electron : words.browser}
    </Alert>
  );
}
