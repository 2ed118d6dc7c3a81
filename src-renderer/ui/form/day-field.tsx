import { DatePickerInput } from '@mantine/dates';
import type { DatePickerInputProps } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { IconCalendar } from '@tabler/icons-react';
import { dayFormats } from '../../../shared/texts/format.ts';

/** A `YYYY-MM-DD` of the picker as a moment of that day here. */
const at = (day: string): Date => new Date(`${day.slice(0, 10)}T12:00:00`);
const { day, month, shortMonth, weekday, firstDayOfWeek } = dayFormats();

/** A day, picked or cleared; days, months and weekdays as the person's own system writes them. */
export function DayField(
  props: Omit<
    DatePickerInputProps<'default'>,
    'type' | 'ref' | 'value' | 'onChange' | 'valueFormatter' | 'leftSection'
  > & {
    /** `YYYY-MM-DD`, in local time. */
    readonly value: string | null;
    readonly onChange: (day: string | null) => void;
  },
) {
  return (
    <DatePickerInput
      {...props}
      leftSection={<IconCalendar size={16} />}
      valueFormatter={({ date }) => (typeof date === 'string' ? day.format(at(date)) : '')}
      monthLabelFormat={(shown) => month.format(at(shown))}
      monthsListFormat={(shown) => shortMonth.format(at(shown))}
      weekdayFormat={(shown) => weekday.format(at(shown))}
      getDayAriaLabel={(shown) => day.format(at(shown))}
      firstDayOfWeek={firstDayOfWeek}
    />
  );
}
