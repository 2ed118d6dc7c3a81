import { TagsInput, TextInput } from '@mantine/core';
import { limits } from '../../../shared/model/domain.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { FieldProblems } from '../../client/field-problems.ts';
import { useDirectory } from '../../state/directory.ts';
import { NumberField } from '../../ui/form/number-field.tsx';
import { PickSeveral } from '../../ui/form/pick-several.tsx';
import { DayField } from '../../ui/form/day-field.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { ActType, BulkForm } from './bulk-form.ts';
import { isoDate, longestTtlDays } from './lifetime.ts';

const words = texts.bulk;

/** What an act on several tokens has to be told. */
export function BulkFields(props: {
  readonly type: ActType;
  readonly form: BulkForm;
  readonly at: FieldProblems['at'];
  readonly onChange: (part: Partial<BulkForm>) => void;
}) {
  const { type, form, at, onChange } = props;
  if (type === 'revoke') {
    return (
      <TextInput
        label={words.reason}
        description={words.reasonHint}
        placeholder={words.reasonExample}
        maxLength={limits.reasonChars}
        data-autofocus
        value={form.reason}
        onChange={(event) => onChange({ reason: event.currentTarget.value })}
      />
    );
  }
  if (type === 'note') {
    return (
      <TextInput
        label={words.note}
        description={words.noteHint}
        maxLength={limits.noteChars}
        data-autofocus
        value={form.note}
        error={at.note}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
      />
    );
  }
  return type === 'rotate' ? (
    <>
      <NumberField
        label={words.overlap}
        description={words.overlapHint}
        suffix={words.days}
        least={0}
        most={limits.overlapDays}
        autoFocus
        value={form.overlapDays}
        onChange={(overlapDays) => onChange({ overlapDays })}
      />
      <NumberField
        label={words.lifetime}
        suffix={words.days}
        least={1}
        most={longestTtlDays}
        value={form.ttlDays}
        error={at.lifetime}
        onChange={(ttlDays) => onChange({ ttlDays })}
      />
    </>
  ) : (
    <NarrowFields form={form} at={at} onChange={onChange} />
  );
}

function NarrowFields(props: {
  readonly form: BulkForm;
  readonly at: FieldProblems['at'];
  readonly onChange: (part: Partial<BulkForm>) => void;
}) {
  const { form, at, onChange } = props;
  const channels = useDirectory((state) => state.channels);
  const nowMs = useNow();
  return (
    <>
      <PickSeveral
        label={words.removeChannels}
        description={words.removeChannelsHint}
        entries={channels}
        value={form.removeChannelIds}
        onChange={(removeChannelIds) => onChange({ removeChannelIds })}
        error={at.channels}
      />
      <TagsInput
        label={words.networks}
        description={words.networksHint}
        placeholder={form.networks.length === 0 ? '10.20.0.0/16' : ''}
        splitChars={[',', ' ', ';']}
        maxTags={limits.networks}
        acceptValueOnBlur
        value={[...form.networks]}
        error={at.networks}
        onChange={(networks) => onChange({ networks })}
      />
      <DayField
        label={words.lastDay}
        description={words.lastDayHint}
        clearable
        minDate={isoDate(nowMs)}
        value={form.lastDay ?? null}
        error={at.lifetime}
        onChange={(lastDay) => onChange({ lastDay: lastDay ?? undefined })}
      />
    </>
  );
}
