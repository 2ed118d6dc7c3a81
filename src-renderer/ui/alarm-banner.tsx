import { Alert } from '@mantine/core';
import styles from './alarm-banner.module.css';
import { IconAlertTriangle, IconShieldX } from '@tabler/icons-react';
import type { VaultAlarmView } from '../../shared/contract/session-views.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.ui.alarmBanner;

const titles: Readonly<Record<VaultAlarmView['code'], string>> = {
  'lines-lost': 'Entries of the vault are gone',
  'log-gone': 'The vault’s log is gone',
  'log-replaced': 'Another log has taken the vault’s place',
  'earlier-line-damaged': 'An entry of the vault is damaged',
  'void-lines': 'The vault holds entries that count for nothing',
  'not-anchored': 'The newest entries are not secured against loss',
  'checkpoint-newer': 'A newer Latchkey was used here',
  'key-file-restored': 'The vault’s key file was repaired from its copy',
  'state-folder-unusable': 'What this computer has seen cannot be kept',
  'changes-waiting': 'Changes wait for the unlock',
  'log-not-followed': 'Revocations do not reach the gateway',
};

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
          title={titles[code]}
        >
          {message}
          {stopsWrites && <strong className={styles.stopped}>{words.nothingCanBeChanged}</strong>}
        </Alert>
      ))}
    </div>
  );
}
