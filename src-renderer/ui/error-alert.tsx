import { Alert, Button, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { errorText } from '../client/error-text.ts';

/** An error where it happened: title, what to do, reasons, code; with a way to try again where there is one. */
export function ErrorAlert(props: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { title, text, code, reasons } = errorText(props.error);
  return (
    <Alert color="red" variant="light" title={title} icon={<IconAlertTriangle size={18} />} role="alert">
      {reasons.length === 0 ? (
        text
      ) : (
        <List size="sm" spacing={4}>
          {reasons.map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      )}
      <div className="lk-mono lk-quiet">{code}</div>
      {props.onRetry && (
        <Button size="xs" variant="default" mt="xs" onClick={props.onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
