import { useState } from 'react';
import { Alert, Button, Checkbox } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { errorText } from '../../client/error-text.ts';
import { cx } from '../../ui/cx.ts';
import layout from '../../ui/layout.module.css';
import text from '../../ui/text.module.css';
import styles from './unlock.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.unlock.restoredBackup;

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
          <p className={styles.next}>{words.ifYouDoNot}</p>
          <Button size="xs" variant="default" mt="sm" onClick={() => setAsking(true)}>
            {words.iRestoredThisBackup}
          </Button>
        </>
      ) : (
        <>
          <p className={styles.next}>{words.everythingDoneAfterThis}</p>
          <Checkbox
            mt="sm"
            label={words.iRestoredThisBackup2}
            checked={understood}
            onChange={(event) => setUnderstood(event.currentTarget.checked)}
          />
          <div className={cx(layout.row, styles.next)}>
            <Button size="xs" variant="default" onClick={() => setAsking(false)}>
              {words.back}
            </Button>
            <Button
              size="xs"
              color="red"
              loading={props.busy}
              disabled={!understood || !props.canConfirm}
              onClick={props.onConfirm}
            >
              {words.goOnFromThis}
            </Button>
          </div>
          {!props.canConfirm && (
            <p className={cx(text.small, styles.next)}>{words.enterThePassphraseFirst}</p>
          )}
        </>
      )}
      <div className={cx(text.mono, text.quiet, styles.next)}>{code}</div>
    </Alert>
  );
}
