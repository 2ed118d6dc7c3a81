import { Switch } from '@mantine/core';
import { NumberField } from '../../ui/form/number-field.tsx';
import type { SettingsDraft } from './settings-draft.ts';
import { ranges } from './settings-draft.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.settings.desktopSecurity;

/** What only the desktop app can do. */
export function DesktopSecurity(props: {
  readonly draft: SettingsDraft;
  readonly change: (part: Partial<SettingsDraft>) => void;
}) {
  return (
    <>
      <NumberField
        label={words.askForThePassphrase}
        description={words.whenTheVaultIs}
        suffix={words.days}
        {...ranges.keychainReaskDays}
        value={props.draft.keychainReaskDays}
        onChange={(keychainReaskDays) => props.change({ keychainReaskDays })}
      />
      <Switch
        label={words.contentProtection}
        description={words.keepsTheWindowOut}
        checked={props.draft.contentProtection}
        onChange={(event) => props.change({ contentProtection: event.currentTarget.checked })}
      />
      <Switch
        label={words.closeToTheTray}
        description={words.closingTheWindowLeaves}
        checked={props.draft.closeToTray}
        onChange={(event) => props.change({ closeToTray: event.currentTarget.checked })}
      />
    </>
  );
}
