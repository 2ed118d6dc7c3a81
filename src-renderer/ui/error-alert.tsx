import { Alert, Button, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { errorText } from '../client/error-text.ts';
import styles from './error-alert.module.css';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.ui.errorAlert;

/** Codes that are of use to somebody else: who keeps the vault, or who mends Latchkey. The others are for programs. */
const isWorthTelling = (code: string): boolean => code === 'INTERNAL' || code.startsWith('VAULT_');

/** An error where it happened: title, what to do, reasons or users; with a way to try again where there is one. */
export function ErrorAlert(props: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { title, text, code, list } = errorText(props.error);
  // The message of a policy's refusal is its reasons in one sentence: the list says the same better.
  const isSaidByList = code === 'POLICY_DENIED' && list.length > 0;
  return (
    <Alert color="red" variant="light" title={title} icon={<IconAlertTriangle size={18} />} role="alert">
      {!isSaidByList && text}
      {list.length > 0 && (
        <List size="sm" spacing={4} mt={isSaidByList ? 0 : 6}>
          {list.map((entry) => (
            <List.Item key={entry}>{entry}</List.Item>
          ))}
        </List>
      )}
      {isWorthTelling(code) && <div className={styles.code}>{code}</div>}
      {props.onRetry && (
        <Button size="xs" variant="default" mt="xs" onClick={props.onRetry}>
          {words.tryAgain}
        </Button>
      )}
    </Alert>
  );
}
