import { api } from '../client/api.ts';
import { useSession } from './session.ts';
import { useSettings } from './settings.ts';

/**
 * The one way to the clipboard. A secret is taken out again after the time in the settings: by the host where it can,
 * else by the page if it may see that the secret is still there. The answer says whether that will happen.
 * @throws Error when the system refuses the clipboard
 */
export async function copyText(
  text: string,
  { secret }: { readonly secret: boolean },
): Promise<{ readonly clearsAfterSeconds: number | undefined }> {
  if (secret && useSession.getState().host?.clipboard === 'host') {
    const { clearedAfterSeconds } = await api.desktop.copySecret({ text });
    return { clearsAfterSeconds: clearedAfterSeconds === 0 ? undefined : clearedAfterSeconds };
  }
  await write(text);
  const seconds = useSettings.getState().settings?.clipboardClearSeconds ?? 0;
  if (!secret || seconds === 0 || !(await mayReadClipboard())) return { clearsAfterSeconds: undefined };
  // `text` stays in this closure until then: no longer than on the clipboard itself.
  window.setTimeout(() => {
    void clearIfStillThere(text);
  }, seconds * 1000);
  return { clearsAfterSeconds: seconds };
}

async function write(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    if (!copyBySelection(text)) throw error;
  }
}

/** The old way, which needs no permission but a click before it. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  // Out of sight, but not hidden: what is hidden cannot be selected.
  area.style.position = 'fixed';
  area.style.opacity = '0';
  const before = document.activeElement;
  (before?.closest('[role="dialog"]') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}

async function mayReadClipboard(): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: 'clipboard-read' as PermissionName });
    return status.state === 'granted';
  } catch {
    // Browsers without this permission's name do not let a page read either.
    return false;
  }
}

async function clearIfStillThere(text: string): Promise<void> {
  try {
    if ((await navigator.clipboard.readText()) === text) await navigator.clipboard.writeText('');
  } catch {
    // Without focus the page may not look: what is there is left alone rather than overwritten blindly.
  }
}
