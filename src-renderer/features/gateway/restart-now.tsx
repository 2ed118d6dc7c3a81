import { useState } from 'react';
import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { GatewayView } from '../../../shared/contract/gateway-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import styles from './restart-now.module.css';
import { useGateway } from '../../state/gateway.ts';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';

/** Where the settings name another address than the one that the gateway listens on; else nothing. */
export function RestartNow({ gateway }: { readonly gateway: GatewayView | undefined }) {
  const [busy, setBusy] = useState(false);
  if (gateway === undefined || !gateway.needsRestart) return null;
  const words = texts.gateway.restart;
  const restart = async () => {
    setBusy(true);
    try {
      await api.gateway.stop();
      const started = await api.gateway.start();
      useGateway.getState().set(started);
      if (started.running) tellSuccess(words.done(started.baseUrl));
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={words.title} role="status" mb="sm">
      <p className={styles.text}>{words.text(`${gateway.host}:${gateway.port}`)}</p>
      <Button size="xs" loading={busy} onClick={() => void restart()}>
        {words.act}
      </Button>
    </Alert>
  );
}
