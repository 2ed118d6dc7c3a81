import { useState } from 'react';
import { Alert, Button, Checkbox } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { errorText } from '../../client/error-text.ts';
import { cx } from '../../ui/cx.ts';
import layout from '../../ui/layout.module.css';
import text from '../../ui/text.module.css';
import styles from './unlock.module.css';

/**
 * This computer has seen more of the vault than is here now. Going on is a decision of an admin who put a backup back,
 * taken in two steps: what is gone stays gone, and the log says who confirmed it.
 */
export function RestoredBackup(props: {
  readonly error: unknown;
  readonly busy: boolean;
  readonly canConfirm: boolean;
  readonly onConfirm: () => void;
}) {
  const { title, text: sentence, code } = errorText(props.error);
  const [asking, setAsking] = useState(false);
  const [understood, setUnderstood] = useState(false);
  return (
    <Alert color="red" icon={<IconHistory size={18} />} title={title} role="alert">
      <p>{sentence}</p>
      {!asking ? (
        <>
          <p className={styles.next}>
            If you do not know why, stop here: keep a copy of the data folder, look for the newer one, and ask
            who put this one back.
          </p>
          <Button size="xs" variant="default" mt="sm" onClick={() => setAsking(true)}>
            I restored this backup…
          </Button>
        </>
      ) : (
        <>
          <p className={styles.next}>
            Everything done after this copy was made is gone for good: tokens issued since then stop working,
            and changes to policies and channels are undone. What this computer knows to be revoked is revoked
            again; other revocations may be lost, so go through the tokens afterwards. The log records that
            you, an admin, confirmed it.
          </p>
          <Checkbox
            mt="sm"
            label="I restored this backup on purpose and want to go on from it."
            checked={understood}
            onChange={(event) => setUnderstood(event.currentTarget.checked)}
          />
          <div className={cx(layout.row, styles.next)}>
            <Button size="xs" variant="default" onClick={() => setAsking(false)}>
              Back
            </Button>
            <Button
              size="xs"
              color="red"
              loading={props.busy}
              disabled={!understood || !props.canConfirm}
              onClick={props.onConfirm}
            >
              Go on from this backup
            </Button>
          </div>
          {!props.canConfirm && <p className={cx(text.small, styles.next)}>Enter the passphrase first.</p>}
        </>
      )}
      <div className={cx(text.mono, text.quiet, styles.next)}>{code}</div>
    </Alert>
  );
}
