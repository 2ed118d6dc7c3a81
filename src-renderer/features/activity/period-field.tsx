import { NativeSelect } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import type { DayPeriod } from '../../state/activity-question.ts';
import { dayOf, momentsOf, periodDays } from '../../state/activity-question.ts';
import { DayField } from '../../ui/form/day-field.tsx';
import { useNow } from '../../ui/use-now.ts';

const words = texts.activity.period;
const chosenAtFirst = 7;

/** Which days are looked at. */
export function PeriodField(props: {
  readonly value: DayPeriod;
  readonly onChange: (period: DayPeriod) => void;
}) {
  const { value, onChange } = props;
  const today = dayOf(useNow());
  const choose = (type: string) => {
    if (type === 'all') onChange({ type });
    else if (type === 'chosen') onChange(chosenDays(value));
    else onChange({ type: 'last', days: Number(type) });
  };
  const setDay = (part: Partial<{ from: string; to: string }>) => {
    if (value.type === 'chosen') onChange({ ...value, ...part });
  };
  return (
    <>
      <NativeSelect
        size="xs"
        label={words.label}
        value={value.type === 'last' ? String(value.days) : value.type}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          ...periodDays.map((days) => ({ value: String(days), label: words.days(days) })),
          { value: 'all', label: words.all },
          { value: 'chosen', label: words.chosen },
        ]}
      />
      {value.type === 'chosen' && (
        <>
          <DayField
            size="xs"
            label={words.from}
            maxDate={today}
            value={value.from}
            onChange={(day) => day !== null && setDay({ from: day })}
          />
          <DayField
            size="xs"
            label={words.to}
            title={words.hint}
            maxDate={today}
            value={value.to}
            error={value.to < value.from ? words.order : undefined}
            onChange={(day) => day !== null && setDay({ to: day })}
          />
        </>
      )}
    </>
  );
}

/** What was looked at, as days in a calendar. */
function chosenDays(before: DayPeriod): DayPeriod {
  const nowMs = Date.now();
  const period: DayPeriod = before.type === 'last' ? before : { type: 'last', days: chosenAtFirst };
  const { fromMs = nowMs } = momentsOf(period, nowMs);
  return { type: 'chosen', from: dayOf(fromMs), to: dayOf(nowMs) };
}
