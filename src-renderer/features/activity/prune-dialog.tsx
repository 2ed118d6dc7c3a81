import { Alert } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { LogPruned } from '../../../shared/contract/log-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatBytes } from '../../ui/format.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { tellSuccess } from '../../ui/tell.ts';

const words = texts.activity.prune;

/** Removes now what is older than the log is kept; says first what that is. */
export function PruneDialog(props: { readonly onDone: () => void; readonly onClose: () => void }) {
  const plan = useAnswer('plan', () => api.log.planPrune(), { causes: [] });
  const goes = plan.isStale ? undefined : plan.value;
  const isNothing = goes?.segments === 0 && goes.persons === 0 && goes.forRoom === undefined;
  return (
    <FormOverlay
      title={words.title}
      submit={words.confirm}
      draft={nothingTyped}
      missing={goes === undefined ? words.looking : isNothing ? words.nothing : undefined}
      isDestructive
      onSubmit={async () => {
        const { segments, persons, bytes, forRoom } = await api.log.prune();
        tellSuccess(
          words.done(
            segments + (forRoom?.segments ?? 0),
            formatBytes(bytes + (forRoom?.bytes ?? 0)),
            persons,
          ),
        );
        props.onDone();
      }}
      onClose={props.onClose}
    >
      {plan.problem !== undefined && <ErrorAlert error={plan.problem} onRetry={plan.retry} />}
      {plan.problem === undefined && (
        <Alert color="gray" icon={<IconTrash size={18} />} role="status" aria-busy={goes === undefined}>
          {goes === undefined ? words.looking : isNothing ? words.nothing : said(goes)}
          {goes?.doubtedClock !== undefined && (
            <> {texts.requestLog.clockDoubted(goes.doubtedClock.clockMs, goes.doubtedClock.daysLeft)}</>
          )}
        </Alert>
      )}
      <p>{words.text}</p>
    </FormOverlay>
  );
}

const nothingTyped = {};

const said = ({ segments, bytes, persons, forRoom }: LogPruned): string =>
  [
    ...(segments === 0 && persons === 0 ? [] : [words.goes(segments, formatBytes(bytes), persons)]),
    ...(forRoom === undefined
      ? []
      : [texts.logCommands.forRoom(forRoom.segments, formatBytes(forRoom.bytes), forRoom.toMs)]),
  ].join(' ');
