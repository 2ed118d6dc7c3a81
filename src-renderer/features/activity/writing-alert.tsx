import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import { useGateway } from '../../state/gateway.ts';

const words = texts.activity.log;

/** That the running gateway can't write its log, or dropped rows of it; nothing while all is well. */
export function WritingAlert() {
  const log = useGateway((state) => state.gateway?.log);
  if (log === undefined || (log.problem === undefined && log.droppedRows === 0)) return null;
  return (
    <Alert
      color={log.problem === undefined ? 'yellow' : 'red'}
      icon={<IconAlertTriangle size={18} />}
      title={log.problem === undefined ? words.dropped : words.notWritten}
      role="alert"
      mb="sm"
    >
      {log.problem} {log.waitingRows > 0 && log.problem !== undefined && words.waiting(log.waitingRows)}{' '}
      {log.droppedRows > 0 && words.droppedSince(log.droppedRows)}
    </Alert>
  );
}
