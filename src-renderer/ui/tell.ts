import { notifications } from '@mantine/notifications';
import { errorText } from '../client/error-text.ts';
import { announce } from './announcement.ts';

/** Shows and says that something worked. */
export function tellSuccess(message: string): void {
  announce(message);
  notifications.show({ message, color: 'teal', withBorder: true, autoClose: 4500 });
}

/** Shows a sentence that must be noticed but needs no answer. */
export function tellNotice(message: string): void {
  notifications.show({ title: 'Please note', message, color: 'yellow', withBorder: true, autoClose: false });
}

/** Shows why something did not work, with its code. */
export function tellFailure(error: unknown): void {
  const { title, text, code } = errorText(error);
  notifications.show({
    title,
    message: `${text} (${code})`,
    color: 'red',
    withBorder: true,
    autoClose: 12_000,
    role: 'alert',
  });
}
