import { useState } from 'react';

/**
 * One action of a dialog: busy while it runs, and the error that it ended with until the next attempt. `onDone` runs
 * after a success; it usually closes the dialog.
 */
export function useSubmit(
  action: () => Promise<unknown> | void,
  onDone: () => void,
): { readonly busy: boolean; readonly error: unknown; readonly submit: () => Promise<void> } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await action();
      onDone();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, submit };
}
