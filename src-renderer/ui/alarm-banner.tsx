import { Alert } from '@mantine/core';
import styles from './alarm-banner.module.css';
import { IconAlertTriangle, IconShieldX } from '@tabler/icons-react';
import type { VaultAlarmView } from '../../shared/contract/session-views.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.ui.alarmBanner;

/** What is wrong with the vault, as long as it is. Red and first: what stops every change. */
export function AlarmBanner({ alarms }: { readonly alarms: readonly VaultAlarmView[] }) {
  const sorted = [...alarms].sort((a, b) => Number(b.stopsWrites) - Number(a.stopsWrites));
  if (sorted.length === 0) return null;
  return (
    <div className={styles.alarms}>
      {sorted.map(({ code, message, stopsWrites }) => (
        <Alert
          key={`${code} ${message}`}
          role="alert"
          color={stopsWrites ? 'red' : 'yellow'}
          icon={stopsWrites ? <IconShieldX size={18} /> : <IconAlertTriangle size={18} />}
          title={words.titles[code]}
        >
          {message}
          {stopsWrites && <strong className={styles.stopped}>{words.nothingCanBeChanged}</strong>}
        </Alert>
      ))}
    </div>
  );
}
