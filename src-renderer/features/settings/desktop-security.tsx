import { Switch } from '@mantine/core';
import { NumberField } from '../../ui/form/number-field.tsx';
import type { SettingsDraft } from './settings-draft.ts';
import { ranges } from './settings-draft.ts';

/** What only the desktop app can do. */
export function DesktopSecurity(props: {
  readonly draft: SettingsDraft;
  readonly change: (part: Partial<SettingsDraft>) => void;
}) {
  return (
    <>
      <NumberField
        label="Ask for the passphrase again after"
        description="When the vault is unlocked with this computer’s keychain."
        suffix=" days"
        {...ranges.keychainReaskDays}
        value={props.draft.keychainReaskDays}
        onChange={(keychainReaskDays) => props.change({ keychainReaskDays })}
      />
      <Switch
        label="Content protection"
        description="Keeps the window out of screenshots and shared screens, where the system can."
        checked={props.draft.contentProtection}
        onChange={(event) => props.change({ contentProtection: event.currentTarget.checked })}
      />
      <Switch
        label="Close to the tray"
        description="Closing the window leaves the gateway running."
        checked={props.draft.closeToTray}
        onChange={(event) => props.change({ closeToTray: event.currentTarget.checked })}
      />
    </>
  );
}
