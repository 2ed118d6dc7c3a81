import { nativeTheme } from 'electron';
import type { BrowserWindow } from 'electron';
import type { Settings } from '../../../shared/contract/settings-views.ts';

/** Carries out the settings that only this host can: the colour scheme of the system's parts, and screen capture. */
export function applySettings(settings: Settings, window: BrowserWindow | undefined): void {
  nativeTheme.themeSource = settings.colorScheme === 'auto' ? 'system' : settings.colorScheme;
  if (window !== undefined && !window.isDestroyed()) window.setContentProtection(settings.contentProtection);
}
