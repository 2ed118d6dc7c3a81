import { useState } from 'react';
import { Alert, NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { PurgeRuleInput } from '../../../shared/contract/cache-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatBytes } from '../../ui/format.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { NumberField } from '../../ui/form/number-field.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import type { PurgeDraft } from './purge-form.ts';
import { purgeRuleOf, unusedDays } from './purge-form.ts';

const words = texts.cacheScreen.purge;
const types = ['unused', 'denied', 'channel', 'package', 'all'] as const;
const typingMs = 250;
const daysAtFirst = 90;

/** Takes files out of the cache by a rule; says first how many would go. */
export function PurgeDialog(props: {
  readonly type: PurgeRuleInput['type'];
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const channels = useDirectory((state) => state.channels);
  const [draft, setDraft] = useState<PurgeDraft>({
    type: props.type === 'files' ? 'unused' : props.type,
    days: daysAtFirst,
    channelId: '',
    name: '',
    version: '',
  });
  const change = (part: Partial<PurgeDraft>) => setDraft((before) => ({ ...before, ...part }));
  const form = purgeRuleOf(draft);
  const rule = 'rule' in form ? form.rule : undefined;
  const plan = useAnswer(
    rule === undefined ? undefined : JSON.stringify(rule),
    () => api.cache.planPurge(rule as PurgeRuleInput),
    { causes: ['policies', 'curation'], delayMs: typingMs },
  );
  const goes = rule === undefined || plan.isStale || plan.problem !== undefined ? undefined : plan.value;
  const missing = 'missing' in form ? form.missing : whyNotYet(goes);
  return (
    <FormOverlay
      title={words.title}
      submit={goes === undefined || goes.files === 0 ? words.plain : words.submit(goes.files)}
      draft={draft}
      missing={missing}
      isDestructive
      onSubmit={async () => {
        if (rule === undefined) return;
        const { files, bytes } = await api.cache.purge(rule);
        tellSuccess(words.done(files, formatBytes(bytes)));
        props.onDone();
      }}
      onClose={props.onClose}
    >
      <Radio.Group
        label={words.what}
        value={draft.type}
        onChange={(type) => change({ type: types.find((one) => one === type) ?? draft.type })}
      >
        <Stack gap="xs" mt="xs">
          {types.map((type) => (
            <Radio key={type} value={type} label={words.types[type]} />
          ))}
        </Stack>
      </Radio.Group>
      {draft.type === 'unused' && (
        <NumberField
          label={words.days}
          suffix={words.daysUnit}
          {...unusedDays}
          value={draft.days}
          onChange={(days) => change({ days })}
        />
      )}
      {draft.type === 'channel' && (
        <NativeSelect
          label={words.channel}
          value={draft.channelId}
          onChange={(event) => change({ channelId: event.currentTarget.value })}
          data={[
            { value: '', label: words.noChannel },
            ...channels.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      {draft.type === 'package' && (
        <>
          <TextInput
            label={words.package}
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            label={words.version}
            description={words.versionHint}
            value={draft.version}
            onChange={(event) => change({ version: event.currentTarget.value })}
          />
        </>
      )}
      {rule !== undefined && plan.problem !== undefined && (
        <ErrorAlert error={plan.problem} onRetry={plan.retry} />
      )}
      {rule !== undefined && plan.problem === undefined && (
        <Alert color="gray" icon={<IconTrash size={18} />} role="status" aria-busy={plan.isStale}>
          {goes === undefined ? (
            words.counting
          ) : countOf(goes) === 0 ? (
            words.nothing
          ) : (
            <>
              <strong>{words.goes(goes.files, formatBytes(goes.bytes))}</strong>{' '}
              {goes.documents > 0 && words.also(documentsText(goes))}{' '}
              {draft.type === 'denied' ? words.textDenied : words.text}
            </>
          )}
        </Alert>
      )}
    </FormOverlay>
  );
}

type Goes = Awaited<ReturnType<typeof api.cache.planPurge>>;

const countOf = ({ files, documents }: Goes): number => files + documents;
const documentsText = ({ documents, documentBytes }: Goes): string =>
  texts.cacheScreen.documents(documents, formatBytes(documentBytes));
const whyNotYet = (goes: Goes | undefined): string | undefined =>
  goes === undefined ? words.counting : countOf(goes) === 0 ? words.nothing : undefined;
