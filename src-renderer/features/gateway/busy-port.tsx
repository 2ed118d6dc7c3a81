import { useState } from 'react';
import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { GatewayView } from '../../../shared/contract/gateway-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { hasCode } from '../../client/error-text.ts';
import { useGateway } from '../../state/gateway.ts';
import { navigate } from '../../state/route.ts';
import { useSettings } from '../../state/settings.ts';
import { tellFailure, tellNotice, tellSuccess } from '../../ui/tell.ts';
import styles from './gateway.module.css';

const words = texts.requests.busy;
/** So many ports are tried; then somebody had better choose. */
const tries = 20;
const lastPort = 65_535;

/** Another program has the gateway's port: what can be done about it now. */
export function BusyPort(props: { readonly gateway: GatewayView; readonly onStart: () => void }) {
  const { port } = props.gateway;
  const [busy, setBusy] = useState(false);
  const startElsewhere = async () => {
    setBusy(true);
    try {
      const started = await startAfter(port);
      if (started === undefined) tellNotice(words.noneFree);
      else {
        useGateway.getState().set(started);
        await useSettings.getState().load();
        tellSuccess(texts.gateway.restart.done(started.baseUrl));
      }
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={words.title} role="alert" mb="sm">
      <p>{words.text(port)}</p>
      <div className={styles.buttons}>
        <Button size="xs" disabled={busy} onClick={props.onStart}>
          {words.again}
        </Button>
        <Button size="xs" variant="default" loading={busy} onClick={() => void startElsewhere()}>
          {words.other}
        </Button>
        <Button size="xs" variant="subtle" onClick={() => navigate('settings')}>
          {words.settings}
        </Button>
      </div>
    </Alert>
  );
}

/** Starts it on the first free port after one, and keeps that in the settings; undefined when none was free. */
async function startAfter(port: number): Promise<GatewayView | undefined> {
  const settings = await api.settings.get();
  for (let next = port + 1; next <= Math.min(lastPort, port + tries); next += 1) {
    try {
      // Each try depends on the one before.
      // oxlint-disable-next-line no-await-in-loop
      await api.settings.set({ ...settings, gateway: { ...settings.gateway, port: next } });
      // oxlint-disable-next-line no-await-in-loop
      return await api.gateway.start();
    } catch (error) {
      if (hasCode(error, 'GATEWAY_PORT_IN_USE')) continue;
      // A port that never worked does not stay; why it did not is what is told.
      // oxlint-disable-next-line no-await-in-loop
      await api.settings.set(settings).catch(() => undefined);
      throw error;
    }
  }
  await api.settings.set(settings);
  return undefined;
}
